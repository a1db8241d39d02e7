import type { Db } from '../../db/connect.ts';
import { pressAt, staleAt } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { type EditionContent, hashContent } from '../content.ts';
import { type Edition, insertEdition } from '../edition.ts';
import { insertCandidates, insertItems } from '../item.ts';
import { insertComposedRevision } from '../revision.ts';
import { daysLabel, preheaderFrom, subjectFrom, wordCount } from '../wording.ts';
import type { LeftStory, PlacedStory, WeekArticle } from './pick.ts';
import type { Week } from './week.ts';

/** Everything that composing a round-up found out; `too_few`: why it is not to be sent. */
export type ComposedWeek = {
  now: Temporal.Instant;
  week: Week;
  placed: PlacedStory[];
  left: LeftStory[];
  articles: WeekArticle[];
  too_few: string | undefined;
};

/** Writes a round-up whole: the row, its items in the words they had, every story with its reason, and revision 1. */
export async function writeWeekly(
  trx: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  composed: ComposedWeek,
): Promise<Edition> {
  const { now, week, too_few } = composed;
  const content = contentOf(publication, composed);
  const said = too_few ? {} : { layout: 'weekly' as const, ...wordsFor(content) };
  const edition = await insertEdition(trx, {
    publication_id: publication.id,
    edition_on: date,
    kind: 'weekly',
    state: too_few ? 'skipped' : 'draft',
    reason: too_few ?? null,
    window_from: week.from,
    window_to: week.to,
    cutoff_at: week.to,
    press_at: pressAt(publication, date),
    stale_at: staleAt(publication, date),
    composed_at: now,
    ...said,
  });
  await insertCandidates(trx, candidateRows(edition.id, composed));
  if (too_few) return edition;
  await insertItems(trx, itemRows(edition.id, composed.placed));
  await insertComposedRevision(trx, edition.id, content, { now });
  return edition;
}

const wordsFor = (content: EditionContent) => ({
  subject: content.subject,
  preheader: content.preheader,
  content_hash: hashContent(content),
});

function contentOf({ name }: Publication, { placed, articles }: ComposedWeek): EditionContent {
  const lengths = new Map(articles.map(({ id, body_text }) => [id, wordCount(body_text)]));
  const [lead, ...others] = placed.map(({ told }) => told.headline);
  return {
    subject: subjectFrom(`The week in ${name}: ${lead ?? ''}`),
    preheader: preheaderFrom([`Weekly round-up, ${daysOf(placed)}`, ...others]),
    layout: 'weekly',
    editors_line: null,
    items: placed.map(({ told, place }, position) => ({
      article_id: told.article_id,
      place,
      section_id: told.section_id,
      position,
      pinned: false,
      follow_up: false,
      show_image: told.show_image,
      related_article_id: told.related_article_id,
      headline: told.headline,
      summary: told.summary,
      rev: told.base_rev,
      body_words: lengths.get(told.article_id) ?? 0,
    })),
  };
}

/** "Nov. 20 to Nov. 26": from the first to the last edition that told these stories. */
const daysOf = (placed: PlacedStory[]): string => daysLabel(placed.map(({ told }) => told.edition_on));

const itemRows = (edition_id: number, placed: PlacedStory[]) =>
  placed.map(({ told, place }, position) => ({
    edition_id,
    article_id: told.article_id,
    place,
    section_id: told.section_id,
    position,
    prior_edition_id: told.edition_id,
    headline: told.headline,
    summary: told.summary,
    show_image: told.show_image,
    related_article_id: told.related_article_id,
    base_rev: told.base_rev,
  }));

function candidateRows(edition_id: number, { placed, left, too_few }: ComposedWeek) {
  const row = ({ article_id, score }: PlacedStory['told']) => ({ edition_id, article_id, score });
  return [
    ...placed.map(({ told, reason, detail }) => ({
      ...row(told),
      picked: !too_few,
      reason: too_few ? 'too_few' : reason,
      detail: too_few ?? detail,
      same_as_article_id: null,
    })),
    ...left.map(({ told, ...why }) => ({ ...row(told), picked: false, ...why })),
  ];
}
