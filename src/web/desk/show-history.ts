import type { Staff } from '../../accounts/staff/staff.ts';
import {
  compareRevisions,
  type Deed,
  listDeeds,
  listRevisions,
  type Revision,
} from '../../editions/desk/history.ts';
import { requireEdition } from '../../editions/edition.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { dayTime } from '../words.ts';
import { toDifferences } from './pieces.ts';
import { labelOf } from './words-form.ts';

/** Who did what to an edition and when, and what it said before, to be restored. */
export async function showHistory(c: Page, _: Staff, id: number): Promise<Response> {
  const { db } = c.var.site;
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const revisions = await listRevisions(db, id);
  const compared = await comparedIn(c, id, revisions);
  const when = (at: Temporal.Instant) => dayTime(at, publication.zone);
  return show(c, 'desk-history', {
    title: `What was done to the edition of ${longDate(edition.edition_on.toString(), publication.lang)}`,
    publication,
    desk_url: routes.desk,
    back_url: path(routes.deskEdition, { id }),
    restore_url: path(routes.deskVerb, { id, verb: 'restore' }),
    may_restore: ['draft', 'in_review', 'approved', 'held'].includes(edition.state),
    deeds: (await listDeeds(db, id)).map((deed) => ({
      at: when(deed.at),
      actor: deed.actor,
      verb: deed.verb,
      reason: deed.reason,
      changes: deed.changes.map(changeRow),
    })),
    ...compared,
    revisions: revisions.map(({ rev, at, actor, reason, hash }) => ({
      rev,
      at: when(at),
      actor,
      reason,
      hash: hash.slice(0, 8),
    })),
  });
}

/** The two revisions that the address names, and what is otherwise in the later one; the last two to choose from where it names none. */
async function comparedIn(c: Page, id: number, revisions: Revision[]) {
  const revOf = (name: 'from' | 'to') =>
    revisions.find(({ rev }) => String(rev) === c.req.query(name))?.rev ?? null;
  const [from, to] = [revOf('from'), revOf('to')];
  const [last, before = last] = revisions;
  const chosen = (rev: number | undefined) =>
    revisions.map((one) => ({ rev: one.rev, chosen: one.rev === rev }));
  return {
    here_url: path(routes.deskHistory, { id }),
    from_revs: chosen(from ?? before?.rev),
    to_revs: chosen(to ?? last?.rev),
    compares: from !== null && to !== null,
    differences:
      from !== null && to !== null
        ? toDifferences(await compareRevisions(c.var.site.db, id, { from, to }))
        : [],
  };
}

const changeRow = ({ field, headline, before, after }: Deed['changes'][number]) => ({
  label: labelOf(field as Parameters<typeof labelOf>[0]),
  headline,
  before: said(before),
  after: said(after),
});

/** A value in words. */
function said(value: unknown): string {
  if (value === null) return 'the story’s own';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return String((value as { place: string }).place);
  return String(value);
}
