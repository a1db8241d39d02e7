import type { Db } from '../../db/connect.ts';
import { staleAt } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { type ContentItem, type EditionContent, hashContent } from '../content.ts';
import { type Edition, insertEdition, moveEdition } from '../edition.ts';
import { insertCandidates, insertItems } from '../item.ts';
import { insertComposedRevision } from '../revision.ts';
import { tooFewStories } from '../too-few.ts';
import { preheaderFrom, subjectFrom, wordCount } from '../wording.ts';
import type { Candidate } from './gather.ts';
import type { judge } from './judge.ts';
import type { Placed, Selection } from './select.ts';
import type { Window } from './window.ts';
import type { Asked } from './wish.ts';

/** Everything that composing found out. `existing`: the edition as editors shaped it while it was gathering. */
export type Composed = {
  existing?: Edition | undefined;
  asked: Map<number, Asked>;
  now: Temporal.Instant;
  window: Window;
  press_at: Temporal.Instant;
  candidates: Candidate[];
  judged: ReturnType<typeof judge>;
  selection: Selection;
};

/** At most so many items are laid out the light way. */
const LIGHT_ITEMS = 5;

/** Writes a composed edition whole: the row, its items, every candidate with its reason, and revision 1. */
export async function writeEdition(
  trx: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  composed: Composed,
): Promise<Edition> {
  const tooFew = whyTooFew(publication, composed.selection);
  const content = contentOf(composed);
  const edition = await writeRow(trx, publication, date, { ...composed, content, tooFew });
  await insertCandidates(trx, candidateRows(edition.id, composed, tooFew));
  if (tooFew) return edition;
  await placeItems(trx, itemRows(edition.id, composed.selection, content), composed);
  await insertComposedRevision(trx, edition.id, content, composed);
  return edition;
}

type Row = Composed & { content: EditionContent; tooFew: string | undefined };

/** A held edition stays held. */
async function writeRow(
  trx: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { existing, now, window, press_at, content, tooFew }: Row,
): Promise<Edition> {
  const { subject, preheader } = content;
  const said = { number: await nextNumber(trx, publication.id), layout: content.layout as 'full' };
  const values = {
    ...(tooFew ? {} : { ...said, subject, preheader, content_hash: hashContent(content) }),
    window_from: window.from,
    window_to: window.to,
    cutoff_at: window.to,
    press_at,
    stale_at: staleAt(publication, date),
    composed_at: now,
  };
  const to = tooFew ? 'skipped' : 'draft';
  const reason = tooFew ? { reason: tooFew } : {};
  if (!existing)
    return insertEdition(trx, {
      ...{ publication_id: publication.id, edition_on: date, state: to },
      ...values,
      ...reason,
    });
  const { id, state } = existing;
  if (tooFew || state !== 'held') await moveEdition(trx, id, { from: [state], to, now, ...reason });
  return trx
    .updateTable('editions')
    .set(values)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Puts the picked stories on the page. An item that an editor had asked for keeps its words; one that found no place lies in the tray. */
async function placeItems(
  trx: Db,
  rows: ReturnType<typeof itemRows>,
  { asked, now }: Composed,
): Promise<void> {
  for (const [article_id, { id }] of asked) {
    const row = rows.find((one) => one.article_id === article_id);
    await trx
      .updateTable('edition_items')
      .set(row ?? ((eb) => ({ dropped_at: eb.fn.coalesce('dropped_at', eb.val(now)) })))
      .where('id', '=', id)
      .execute();
  }
  await insertItems(
    trx,
    rows.filter(({ article_id }) => !asked.has(article_id)),
  );
}

function whyTooFew({ min_items }: Publication, { placed }: Selection): string | undefined {
  if (placed.length > 0 && placed.some(({ contender }) => contender.pinned)) return undefined;
  return tooFewStories(placed.length, { min_items });
}

function contentOf({ existing, window, candidates, asked, selection: { placed } }: Composed): EditionContent {
  const items = placed.map((one, position) => contentItem(one, position, { candidates, asked }));
  const [lead, ...others] = items;
  // Where the other stories are few, what the lead says is better than an empty line.
  const below = [...others.map(({ headline }) => headline), lead?.summary ?? ''];
  return {
    subject: existing?.subject || subjectFrom(lead?.headline ?? ''),
    preheader: existing?.preheader || preheaderFrom(below.filter((words) => words.trim() !== '')),
    layout: window.since ? 'best_of' : items.length <= LIGHT_ITEMS ? 'light' : 'full',
    editors_line: existing?.editors_line ?? null,
    items,
  };
}

function contentItem(
  { contender, place, related_article_id }: Placed,
  position: number,
  { candidates, asked }: Pick<Composed, 'candidates' | 'asked'>,
): ContentItem {
  const article = candidates.find(({ id }) => id === contender.article_id) as Candidate;
  const own = asked.get(article.id);
  return {
    article_id: article.id,
    place,
    section_id: contender.section_id,
    position,
    pinned: contender.pinned !== null,
    follow_up: contender.follow_up !== null,
    show_image: true,
    related_article_id,
    headline: own?.headline ?? article.headline,
    summary: own?.summary ?? article.summary,
    rev: article.rev,
    body_words: wordCount(article.body_text),
  };
}

/** Numbers count the editions drafted, without a gap: a skipped one has none and gives back what it had. */
async function nextNumber(trx: Db, publicationId: number): Promise<number> {
  const row = await trx
    .selectFrom('editions')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('publication_id', '=', publicationId)
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

function itemRows(editionId: number, { placed }: Selection, content: EditionContent) {
  return placed.map(({ contender, place, related_article_id }, position) => ({
    edition_id: editionId,
    article_id: contender.article_id,
    place,
    section_id: contender.section_id,
    position,
    pinned: contender.pinned !== null,
    follow_up: contender.follow_up !== null,
    prior_edition_id: contender.follow_up?.edition_id ?? null,
    related_article_id,
    base_rev: content.items[position]?.rev ?? 1,
  }));
}

function candidateRows(editionId: number, { judged, selection }: Composed, tooFew: string | undefined) {
  const row = (article_id: number, score: number | null, parts: object | null) => ({
    edition_id: editionId,
    article_id,
    score,
    score_parts: parts && JSON.stringify(parts),
  });
  return [
    ...selection.placed.map(({ contender, place, why }) => ({
      ...row(contender.article_id, contender.score, contender.parts),
      picked: !tooFew,
      reason: tooFew ? 'too_few' : place,
      detail: tooFew ?? (contender.follow_up ? `${why}; update: ${contender.follow_up.why}` : why),
      same_as_article_id: null,
    })),
    ...selection.left.map(({ contender, reason, detail, under }) => ({
      ...row(contender.article_id, contender.score, contender.parts),
      picked: false,
      reason,
      detail,
      same_as_article_id: under,
    })),
    ...judged.out.map(({ article_id, reason, detail, same_as_article_id, score, parts }) => ({
      ...row(article_id, score, parts),
      picked: false,
      reason,
      detail,
      same_as_article_id,
    })),
  ];
}
