import { type Comment, listOpenComments } from '../../accounts/staff/comment.ts';
import { isAtLeast, listStaff, type Staff } from '../../accounts/staff/staff.ts';
import type { Db } from '../../db/connect.ts';
import { type Tally, tallyEdition } from '../../deliveries/ledger/tally.ts';
import { type Addable, type Desk, type DeskItem, readDesk } from '../../editions/desk/read-desk.ts';
import { isComposed, requireEdition } from '../../editions/edition.ts';
import type { ModelItem } from '../../editions/model.ts';
import { itemsOf } from '../../editions/model.ts';
import { listAsked } from '../../editions/picking/wish.ts';
import { readProjected } from '../../editions/project.ts';
import { listReadersComments } from '../../editions/reader-comment.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { hashToApprove } from '../../press/approve.ts';
import type { Finding } from '../../press/checks/finding.ts';
import { type Examined, examine } from '../../press/examine.ts';
import { keyOf } from '../../press/make-up.ts';
import { policyFor } from '../../press/policy.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { listSections, type Section } from '../../publications/section.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { count, dayTime, kilobytes } from '../words.ts';
import { bannerOf } from './banner.ts';
import { correctionsOf } from './corrections.ts';
import { previewPane } from './preview-pane.ts';
import { editionForms, wordsForm } from './words-form.ts';

const OVER = ['pressing', 'pressed', 'stopped', 'failed', 'skipped'];

/** Answers with the desk of an edition. `trouble`: what could not be done, said above it. */
export async function showDesk(
  c: Page,
  staff: Staff,
  id: number,
  { trouble = null }: { trouble?: string | null } = {},
) {
  const { db, clock, config } = c.var.site;
  const now = clock.now();
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const sections = await listSections(db, publication.id);
  const kept = isComposed(edition)
    ? undefined
    : new Set([...(await listAsked(db, id)).values()].map((one) => one.id));
  const { desk, examined, readers, pane } = await readProjected(db, edition, { now }, async (db) => {
    const desk = await readDesk(db, id, { staffId: staff.id, now });
    const examined = await examine(db, desk.edition, { publication, public_url: config.PUBLIC_URL, now });
    const readers = await readersRows(db, desk);
    return { desk, examined, readers, pane: await previewPane(c, db, desk.edition, publication) };
  });
  const policy = await policyFor(db, edition, publication);
  const tally = await tallyEdition(db, id);
  const members = (await listStaff(db)).map(({ id, name }) => ({ id, name, me: id === staff.id }));
  const comments = (await listOpenComments(db, id)).map((comment) => commentRow(comment, desk, publication));
  c.header('content-security-policy', DESK_POLICY);
  return show(c, 'desk', {
    ...common({ ...desk, edition }, publication, { staff, now }),
    ...pageOf(desk, sections, { ...examined, kept }),
    ...statesOf({ ...desk, edition }, staff, examined),
    gathering: kept !== undefined && !OVER.includes(edition.state),
    banner: bannerOf(edition, publication, { ...examined, approval: desk.approval, policy, now }),
    pane,
    members,
    comments,
    readers,
    ...(await correctionsOf(db, edition, publication)),
    may_drop_note: isAtLeast(staff.role, 'approver'),
    tally: tally ? tallyRow(tally) : null,
    trouble,
    status: trouble === null ? 200 : 409,
  });
}

/** The e-mail stands in the page itself, in a frame that inherits its policy: so here styles may be inline. */
const DESK_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' http: https: data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The verbs of an edition that the page has a form for. */
const VERBS =
  'words add leave-out bring pick-comment comment resolve undo redo submit test approve hold release skip stop resume replace correct drop-note'.split(
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
    reader_url: path(routes.deskReader, { id: edition.id }),
    typed_url: path(routes.deskTyped, { id: edition.id }),
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

/** `kept`: the items that are there to stay, where the others are only picked for now. */
type Kept = { kept: Set<number> | undefined };

function pageOf(desk: Desk, sections: Section[], { model, findings, plates, kept }: Examined & Kept) {
  const printed = new Map(itemsOf(model).map((item) => [item.article_id, item]));
  const editionId = desk.edition.id;
  const largest = Math.max(...plates.map(({ html_bytes }) => html_bytes));
  const parts = partsOf(desk.items, sections).map(({ label, place, section_id, items }) => ({
    label,
    place,
    section_id,
    items: items.map((item) =>
      itemRow(item, editionId, printed.get(item.article_id), { sections, findings, kept }),
    ),
  }));
  return {
    parts,
    ...editionForms(desk.edition, desk.revs),
    dropped: desk.dropped.map((item) => droppedRow(item, editionId)),
    left_out: desk.left_out.map(addableRow),
    pending: desk.pending.map(addableRow),
    places: placesFor(sections),
    size: kilobytes(largest),
    size_level: largest >= 95_000 ? 'bad' : largest >= 80_000 ? 'warn' : 'good',
  };
}

/** The parts of the page in their order, the sections even where they are empty. */
function partsOf(items: DeskItem[], sections: Section[]) {
  const of = (place: DeskItem['place'], section_id: number | null = null) =>
    items.filter((item) => item.place === place && (place !== 'section' || item.section_id === section_id));
  return [
    { label: 'Lead', place: 'lead', section_id: null, items: of('lead') },
    { label: 'Top stories', place: 'top', section_id: null, items: of('top') },
    ...sections.map(({ id, name }) => ({
      label: name,
      place: 'section',
      section_id: id,
      items: of('section', id),
    })),
    { label: 'Briefs', place: 'brief', section_id: null, items: of('brief') },
  ];
}

const placesFor = (sections: Section[]) => [
  { value: 'lead', label: 'Lead' },
  { value: 'top', label: 'Top stories' },
  ...sections.map(({ id, name }) => ({ value: `section ${id}`, label: name })),
  { value: 'brief', label: 'Briefs' },
];

function itemRow(
  item: DeskItem,
  editionId: number,
  printed: ModelItem | undefined,
  { sections, findings, kept }: { sections: Section[]; findings: Finding[] } & Kept,
) {
  const verb = (name: string) => path(routes.deskItem, { id: editionId, item: item.id, verb: name });
  const here = item.place === 'section' ? `section ${item.section_id}` : item.place;
  return {
    id: item.id,
    article_id: item.article_id,
    tentative: kept !== undefined && !kept.has(item.id),
    headline: printed?.headline ?? item.article_headline,
    summary: item.place === 'brief' ? null : (printed?.summary ?? ''),
    byline: item.byline,
    url: item.url,
    may_lock: item.place !== 'brief' && (item.headline === null || item.summary === null),
    touched: item.touched_by,
    pinned: item.pinned,
    follow_up: item.follow_up,
    changed: item.rev > item.base_rev,
    has_image:
      (item.image_url ?? item.picture_url) !== null && (item.place === 'lead' || item.place === 'top'),
    show_image: item.show_image,
    places: placesFor(sections).map((place) => ({ ...place, here: place.value === here })),
    urls: Object.fromEntries(
      ['up', 'down', 'place', 'pin', 'drop', 'image', 'lock', 'words'].map((name) => [name, verb(name)]),
    ),
    fields: wordsForm(item, item.revs),
    findings: findings.filter(({ at }) => at?.article_id === item.article_id).map(findingRow),
  };
}

const droppedRow = ({ id, headline, article_headline, url }: DeskItem, editionId: number) => ({
  headline: headline ?? article_headline,
  url,
  back_url: path(routes.deskItem, { id: editionId, item: id, verb: 'back' }),
});

const addableRow = ({ article_id, headline, url, section, reason, detail, score }: Addable) => ({
  article_id,
  headline,
  url,
  why: [reason.replaceAll('_', ' '), section, detail].filter(Boolean).join(' · '),
  score: score === null ? null : score.toFixed(1),
});

function statesOf({ edition, approval }: Desk, staff: Staff, { model, findings }: Examined) {
  const { state } = edition;
  const holding = findings.filter(({ level }) => level === 'hold');
  return {
    findings: findings.map(findingRow),
    findings_label:
      findings.length === 0 ? 'All checks are green' : `${count(findings.length, 'finding')} of the checks`,
    hash: hashToApprove(edition, model),
    holding: holding.map((finding) => ({ key: keyOf(finding), says: finding.says })),
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

function commentRow({ id, by, at, text, item_id }: Comment, { items, dropped }: Desk, { zone }: Publication) {
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

const LEVELS = { block: 'Blocks', hold: 'Holds', warn: 'Warning' };
const findingRow = ({ check, level, says }: Finding) => ({ check, level, label: LEVELS[level], says });
