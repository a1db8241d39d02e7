import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Publication } from '../publications/publication.ts';
import { ARCHIVED, type PublicEdition, publicEditions } from './archive.ts';

/** A stretch of a text; a `hit` is what was looked for. */
export type Piece = { text: string; hit: boolean };
/** An edition that has the words, with the places where they stand; `excerpt` has no hit where the subject alone has one. */
export type Found = Pick<PublicEdition, 'edition_on' | 'kind' | 'model'> & {
  subject: Piece[];
  excerpt: Piece[];
};

/** Longer questions are cut: nobody types them. */
const MOST_CHARACTERS = 200;
/** Around a hit in what Postgres gives back: control characters, which are taken out of the text before. */
const [OPEN, CLOSE] = ['\u0002', '\u0003'];
/** Stands for "<" meanwhile: what looks like a tag would be left out. */
const LESS = '\u0001';
const MARKS = `StartSel=${OPEN}, StopSel=${CLOSE}`;
const WHOLE = `${MARKS}, HighlightAll=true`;
const EXCERPT = `${MARKS}, MaxFragments=2, MinWords=10, MaxWords=24, FragmentDelimiter=" … "`;

/**
 * Editions that anybody may read and that have the words, newest first, `offset` of them passed over, and how many there
 * are. A word finds its other forms too; "in quotes" as it stands, `or` either, `-word` those without it. Words that
 * say nothing (an "and") find nothing.
 */
export async function searchEditions(
  db: Db,
  { id, lang }: Pick<Publication, 'id' | 'lang'>,
  words: string,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<{ total: number; found: Found[] }> {
  const language = sql`search_language(${lang})`;
  const query = sql`websearch_to_tsquery(${language}, ${readable(words)})`;
  const having = publicEditions(db, id, ARCHIVED).where(sql<boolean>`edition_words(model) @@ ${query}`);
  const marked = (text: RawBuilder<unknown>, how: string) =>
    sql<string>`ts_headline(${language}, translate(${text}, ${`<${LESS}${OPEN}${CLOSE}`}, ${LESS}), ${query}, ${how})`;
  const [{ total }, rows] = await Promise.all([
    having.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    having
      .select([
        'edition_on',
        'kind',
        'model',
        marked(sql`model->>'subject'`, WHOLE).as('subject'),
        marked(sql`concat_ws(e'\n', model->>'editors_line', edition_stories(model))`, EXCERPT).as('excerpt'),
      ])
      .orderBy('edition_on', 'desc')
      .orderBy('kind', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  const found = rows.map((row) => ({
    ...(row as typeof row & Pick<PublicEdition, 'model'>),
    subject: piecesOf(row.subject),
    excerpt: piecesOf(`… ${row.excerpt} …`),
  }));
  return { total, found };
}

/** What can be looked for: one line of at most 200 characters that Postgres takes. */
function readable(words: string): string {
  return words
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, MOST_CHARACTERS)
    .toWellFormed();
}

function piecesOf(marked: string): Piece[] {
  return marked
    .replaceAll('\n', ' · ')
    .replaceAll(LESS, '<')
    .split(new RegExp(`[${OPEN}${CLOSE}]`))
    .map((text, place) => ({ text, hit: place % 2 === 1 }))
    .filter(({ text }) => text !== '');
}
