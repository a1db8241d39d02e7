import type { Db } from '../src/db/connect.ts';
import { cutoffAt, pressAt, staleAt } from '../src/publications/calendar.ts';
import type { Publication } from '../src/publications/publication.ts';

const STORIES = 24;
const WORDS =
  'market rates lenders members regulators ledger compliance committee funding series platform credit risk insurance amendment checkout settlement issuer treasury liquidity consumer savings fraud identity network bank central policy supervisory capital ratio quarterly earnings growth revenue margin customers Zürich São Paulo café naïve résumé'.split(
    ' ',
  );

/** Writes the draft of an edition that no other has the date of: 24 stories, some 50 KB of HTML. Returns its id. */
export async function writeEdition(
  db: Db,
  publication: Publication,
  { now }: { now: Temporal.Instant },
): Promise<number> {
  const { last } = await db
    .selectFrom('editions')
    .select(({ fn }) => fn.max('edition_on').as('last'))
    .where('publication_id', '=', publication.id)
    .executeTakeFirstOrThrow();
  const edition_on = (last ?? now.toZonedDateTimeISO('UTC').toPlainDate()).add({ days: 1 });
  const random = generator(7);
  const { id } = await db
    .insertInto('editions')
    .values({
      publication_id: publication.id,
      edition_on,
      state: 'draft',
      layout: 'full',
      subject: sentence(random, 9),
      preheader: sentence(random, 14),
      cutoff_at: cutoffAt(publication, edition_on),
      press_at: pressAt(publication, edition_on),
      stale_at: staleAt(publication, edition_on),
      composed_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (let position = 0; position < STORIES; position++) {
    const url = `https://${publication.from_address.split('@')[1]}/news/${id}-${position}-the-story-of-the-day`;
    const article = await db
      .insertInto('articles')
      .values({
        publication_id: publication.id,
        story_key: url,
        url,
        headline: sentence(random, 10),
        byline: 'Marian Holloway',
        summary: `${sentence(random, 40)}. ${sentence(random, 35)}.`,
        published_at: now,
        first_published_at: now,
        ingested_at: now,
        content_hash: url,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const place = position === 0 ? 'lead' : position < 18 ? 'top' : 'brief';
    await db
      .insertInto('edition_items')
      .values({ edition_id: id, article_id: article.id, place, position, base_rev: 1 })
      .execute();
  }
  return id;
}

function sentence(random: () => number, words: number): string {
  const text = Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same numbers each time: every variant is measured on the same words. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}
