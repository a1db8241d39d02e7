import { listOpenComments } from '../../accounts/staff/comment.ts';
import type { Staff } from '../../accounts/staff/staff.ts';
import { readDesk } from '../../editions/desk/read-desk.ts';
import { requireEdition } from '../../editions/edition.ts';
import { readProjected } from '../../editions/project.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { examineNow } from '../../press/examine-whole.ts';
import { policyFor } from '../../press/policy.ts';
import { requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { bannerOf } from './banner.ts';
import { DESK_POLICY } from './policy.ts';
import { previewPane, shownIn } from './preview-pane.ts';
import { noteLook } from './reader-look.ts';
import { viewIn } from './seen-on.ts';
import { commentRow, lookedWhole, statesOf } from './show-desk.ts';

/** Answers with an edition to be reviewed: how it stands, what was found, and the mail. `trouble`: what could not be done. */
export async function showReview(
  c: Page,
  staff: Staff,
  id: number,
  { trouble = null }: { trouble?: string | null } = {},
): Promise<Response> {
  const { db, clock, config } = c.var.site;
  await noteLook(c, staff, `edition ${id}`);
  const now = clock.now();
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const shown = { ...shownIn(c), on: viewIn(c.req.query('on')) ?? 'phone', beside: null };
  const { desk, examined, pane } = await readProjected(db, edition, { now }, async (db) => {
    const desk = await readDesk(db, id, { staffId: staff.id, now });
    const examined = await examineNow(db, desk.edition, { publication, public_url: config.PUBLIC_URL, now });
    return { desk, examined, pane: await previewPane(c, db, desk.edition, publication, { shown }) };
  });
  const policy = await policyFor(db, edition, publication);
  const verb = (name: string) => path(routes.deskReviewVerb, { id, verb: name });
  c.header('content-security-policy', DESK_POLICY);
  return show(c, 'desk-review', {
    title: pane.subject,
    publication,
    date: longDate(edition.edition_on.toString(), publication.lang),
    state: edition.state.replace('_', ' '),
    desk_url: routes.desk,
    edition_url: path(routes.deskEdition, { id }),
    here_url: path(routes.deskReview, { id }),
    urls: Object.fromEntries(
      ['approve', 'hold', 'release', 'comment', 'resolve'].map((name) => [name, verb(name)]),
    ),
    ...statesOf({ ...desk, edition }, staff, examined),
    looked_whole: lookedWhole(examined, edition, publication),
    banner: bannerOf(edition, publication, { ...examined, approval: desk.approval, policy, now }),
    comments: (await listOpenComments(db, id)).map((comment) => commentRow(comment, desk, publication)),
    pane,
    trouble,
    status: trouble === null ? 200 : 409,
  });
}
