import { type Comment, listOpenComments } from '../../accounts/staff/comment.ts';
import { isAtLeast, listStaff, type Staff } from '../../accounts/staff/staff.ts';
import type { Db } from '../../db/connect.ts';
import { type Tally, tallyEdition } from '../../deliveries/ledger/tally.ts';
import { findArticles } from '../../editions/desk/find-articles.ts';
import { type Desk, readDesk } from '../../editions/desk/read-desk.ts';
import { sinceApproved } from '../../editions/desk/since-approved.ts';
import { listStoryChanges } from '../../editions/desk/story-changes.ts';
import { type Edition, isComposed, requireEdition } from '../../editions/edition.ts';
import { listAsked } from '../../editions/picking/wish.ts';
import { readProjected } from '../../editions/project.ts';
import { listReadersComments } from '../../editions/reader-comment.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { isFast } from '../../press/break-in.ts';
import type { Kept } from '../../press/checks/kept.ts';
import { keyOf } from '../../press/checks/override.ts';
import type { Examined } from '../../press/examine.ts';
import { type ExaminedNow, examineNow } from '../../press/examine-whole.ts';
import { hashToApprove } from '../../press/hash-to-approve.ts';
import { policyFor } from '../../press/policy.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { listSections } from '../../publications/section.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { count, dayTime } from '../words.ts';
import { bannerOf } from './banner.ts';
import { correctionsOf } from './corrections.ts';
import { findingRow } from './finding-row.ts';
import { addableRow, pageOf } from './page-of.ts';
import { toDifferences } from './pieces.ts';
import { DESK_POLICY } from './policy.ts';
import { previewPane } from './preview-pane.ts';
import { noteLook } from './reader-look.ts';

const OVER = ['pressing', 'pressed', 'stopped', 'failed', 'skipped'];

/** Answers with the desk of an edition. `trouble`: what could not be done, said above it. */
export async function showDesk(
  c: Page,
  staff: Staff,
  id: number,
  { trouble = null }: { trouble?: string | null } = {},
) {
  const { db, clock, config } = c.var.site;
  await noteLook(c, staff, `edition ${id}`);
  const now = clock.now();
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const sections = await listSections(db, publication.id);
  const kept = isComposed(edition)
    ? undefined
    : new Set([...(await listAsked(db, id)).values()].map((one) => one.id));
  const { desk, examined, readers, stories, pane } = await readProjected(db, edition, { now }, async (db) => {
    const desk = await readDesk(db, id, { staffId: staff.id, now });
    const examined = await examineNow(db, desk.edition, { publication, public_url: config.PUBLIC_URL, now });
    const readers = await readersRows(db, desk);
    const stories = await listStoryChanges(db, id, desk.items);
    return { desk, examined, readers, stories, pane: await previewPane(c, db, desk.edition, publication) };
  });
  const words = (c.req.query('find') ?? '').trim();
  const found =
    words === ''
      ? null
      : (await findArticles(db, edition, publication, words)).map((one) => addableRow(one, publication));
  const since_approved = await sinceApproved(db, edition);
  const policy = await policyFor(db, edition, publication);
  const tally = await tallyEdition(db, id);
  const members = (await listStaff(db)).map(({ id, name }) => ({ id, name, me: id === staff.id }));
  const comments = (await listOpenComments(db, id)).map((comment) => commentRow(comment, desk, publication));
  c.header('content-security-policy', DESK_POLICY);
  return show(c, 'desk', {
    ...common({ ...desk, edition }, publication, { staff, now }),
    ...pageOf(desk, sections, { ...examined, kept, stories, publication }),
    ...statesOf({ ...desk, edition }, staff, examined),
    gathering: kept !== undefined && !OVER.includes(edition.state),
    banner: bannerOf(edition, publication, { ...examined, approval: desk.approval, policy, now }),
    pane,
    members,
    comments,
    readers,
    found_words: words,
    found,
    looked_whole: lookedWhole(examined, edition, publication),
    since_approved: toDifferences(since_approved?.differences ?? []),
    may_fast: since_approved?.breaks_in_alone ?? false,
    ...(await correctionsOf(db, edition, publication)),
    may_drop_note: isAtLeast(staff.role, 'approver'),
    tally: tally ? tallyRow(tally) : null,
    trouble,
    status: trouble === null ? 200 : 409,
  });
}

/** The verbs of an edition that the page has a form for. */
const VERBS =
  'words add leave-out bring pick-comment comment resolve undo redo submit test approve hold release skip stop resume replace correct drop-note name'.split(
    ' ',
  );

function common(
  { edition, stacks }: Desk,
  publication: Publication,
  { staff, now }: { staff: Staff; now: Temporal.Instant },
) {
  const verb = (name: string) => path(routes.deskVerb, { id: edition.id, verb: name });
  return {
    title: `${longDate(edition.edition_on.toString(), publication.lang)}`,
    publication,
    script: true,
    desk_script: true,
    now_ms: now.epochMilliseconds,
    staff_name: staff.name,
    desk_url: routes.desk,
    stream_url: path(routes.deskStream, { id: edition.id }),
    presence_url: path(routes.deskPresence, { id: edition.id }),
    reader_url: routes.deskReader,
    typed_url: path(routes.deskTyped, { id: edition.id }),
    review_url: path(routes.deskReview, { id: edition.id }),
    history_url: path(routes.deskHistory, { id: edition.id }),
    here_url: path(routes.deskEdition, { id: edition.id }),
    number: edition.number,
    state: edition.state.replace('_', ' '),
    may_edit:
      !OVER.includes(edition.state) || (edition.state === 'stopped' && isAtLeast(staff.role, 'approver')),
    verbs: Object.fromEntries(VERBS.map((name) => [name.replace('-', '_'), verb(name)])),
    undo: stacks.undo?.verb ?? null,
    redo: stacks.redo?.verb ?? null,
  };
}

export function statesOf({ edition, approval, items }: Desk, staff: Staff, { model, findings }: Examined) {
  const { state } = edition;
  const holding = findings.filter(({ level }) => level === 'hold');
  return {
    findings: findings.map((finding) => findingRow(finding, items)),
    findings_label: findingsLabel(state, findings.length),
    hash: hashToApprove(edition, model),
    holding: holding.map((finding) => ({ key: keyOf(finding), says: finding.says })),
    holding_fast: holding.filter(isFast).map((finding) => ({ key: keyOf(finding), says: finding.says })),
    may_submit: state === 'draft',
    may_approve: (state === 'draft' || state === 'in_review') && isAtLeast(staff.role, 'approver'),
    blocked: findings.some(({ level }) => level === 'block'),
    may_hold: ['planned', 'gathering', 'draft', 'in_review', 'approved'].includes(state),
    may_release: state === 'held' && isAtLeast(staff.role, 'approver'),
    may_skip: !OVER.includes(state),
    may_stop: state === 'pressing',
    may_resume: state === 'stopped' && isAtLeast(staff.role, 'approver'),
    approved_hash: approval?.hash.slice(0, 8) ?? null,
  };
}

const STAGES: Record<Kept['stage'], string> = {
  submit: 'when it was submitted',
  approve: 'when it was approved',
  call: 'when the staff were called',
  'pre-flight': 'two minutes before press',
  press: 'at press',
};

/** When what asks outside was last looked at, and whether that was of what the edition says now; null where it never was. */
export function lookedWhole(
  { model, whole }: ExaminedNow,
  edition: Edition,
  { zone }: Publication,
): string | null {
  if (!whole) return null;
  const since = whole.hash === hashToApprove(edition, model) ? '' : '; it has changed since';
  return `Links, pictures, sender and spam score were looked at ${STAGES[whole.stage]}, ${dayTime(whole.at, zone)}${since}.`;
}

/** Nothing is said of the checks of an edition that has gone. */
function findingsLabel(state: Edition['state'], findings: number): string | null {
  if (OVER.includes(state) && state !== 'stopped') return null;
  return findings === 0 ? 'All checks are green' : `${count(findings, 'finding')} of the checks`;
}

/** What readers said of the stories of an edition, to be picked from. */
async function readersRows(db: Db, { edition, items }: Desk) {
  const comments = await listReadersComments(db, items);
  return comments.slice(0, READERS_SHOWN).map(({ id, article_id, author_name, body_text, approved_at }) => ({
    id,
    author_name,
    text: body_text,
    approved: approved_at !== null,
    picked: edition.comment === String(id),
    about: items.find((item) => item.article_id === article_id)?.article_headline ?? '',
  }));
}

const READERS_SHOWN = 30;

export function commentRow(
  { id, by, at, text, item_id }: Comment,
  { items, dropped }: Desk,
  { zone }: Publication,
) {
  const item = [...items, ...dropped].find((one) => one.id === item_id);
  return {
    id,
    by,
    at: dayTime(at, zone),
    text,
    about: item ? (item.headline ?? item.article_headline) : null,
  };
}

const tallyRow = ({ audience, accepted, failed, skipped, unknown, waiting }: Tally) => ({
  audience,
  counts: Object.entries({ accepted, waiting, failed, skipped, unknown }).map(([name, readers]) => ({
    name,
    readers,
  })),
});
