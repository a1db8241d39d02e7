import type { Insertable } from 'kysely';
import type { Db } from '../../src/db/connect.ts';
import type { Schema } from '../../src/db/schema.ts';
import type { Publication } from '../../src/publications/publication.ts';

/** Fifteen stories of one day that have nothing to do with each other: headline, summary, category. */
export const DAY: [headline: string, summary: string, category: string][] = [
  [
    'Senate passes harbor bill after all-night debate',
    'The vote was 61 to 38, with nine members crossing the aisle shortly before dawn.',
    'Congress',
  ],
  [
    'House panel subpoenas lighthouse contractor',
    'The oversight panel wants five years of invoices for lamps that were never lit.',
    'Congress',
  ],
  [
    'Freshman lawmaker quits agriculture seat',
    'She cited a drive of six hours between her district and the orchards it feeds.',
    'Congress',
  ],
  [
    'President to rest at mountain cabin through Thanksgiving',
    'Aides packed two boxes of briefing papers and a set of snowshoes.',
    'White House',
  ],
  [
    'West Wing kitchen gets its first new stove since 1974',
    'The old one served nine administrations and one very large turkey.',
    'White House',
  ],
  [
    'Governor Odell opens exploratory committee',
    'The former swimmer said the tide was right, and named a treasurer from Ohio.',
    'Campaigns',
  ],
  [
    'Recount confirms winner by eleven ballots',
    'Clerks in Marlow County finished counting by hand on the fourth day.',
    'Campaigns',
  ],
  [
    'Super PAC returns donation from shell maker',
    'The check for $2 million had come from a company dissolved in spring.',
    'Campaigns',
  ],
  [
    'Agency rewrites rules for rural broadband grants',
    'Towns below 900 people would no longer need to match the federal share.',
    'Policy',
  ],
  [
    'Drug prices to be printed on pharmacy bags',
    'Regulators say the sticker will cost a third of a cent.',
    'Policy',
  ],
  [
    'Wetlands map redrawn after court ruling',
    'Surveyors expect to walk 400 miles of ditches before the thaw.',
    'Policy',
  ],
  [
    'Tariff on aluminum foil lapses quietly',
    'Nobody asked for its renewal, and bakers noticed first.',
    'Policy',
  ],
  [
    'Longtime doorkeeper retires after 41 years',
    'He had opened the chamber for seven speakers and closed it on two of them.',
    'People',
  ],
  [
    'Intern finds missing ledger behind radiator',
    'The pages list every inkwell bought between 1911 and 1923.',
    'People',
  ],
  [
    'Choir of staffers wins regional contest',
    'Their arrangement of the rules of order moved the jury to laughter.',
    'People',
  ],
];

let count = 0;

/** Inserts an article published `hours` before `now` and returns its id; `category` fills the section of that name. */
export async function insertStory(
  db: Db,
  publication: Publication,
  {
    hours = 5,
    now,
    category,
    ...values
  }: Partial<Insertable<Schema['articles']>> & {
    hours?: number;
    now: Temporal.Instant;
    category?: string;
  },
): Promise<number> {
  count += 1;
  const at = now.subtract({ minutes: Math.round(hours * 60) });
  const { id } = await db
    .insertInto('articles')
    .values({
      publication_id: publication.id,
      story_key: `https://dome.test/story-${count}`,
      url: `https://dome.test/story-${count}`,
      headline: `Story ${count}`,
      summary: `What story ${count} says.`,
      categories: category ? [category] : [],
      published_at: at,
      first_published_at: at,
      ingested_at: at,
      content_hash: String(count),
      ...values,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Inserts the stories of `DAY`, an hour apart, the first the latest; returns their ids. */
export async function insertDay(
  db: Db,
  publication: Publication,
  { now, stories = DAY }: { now: Temporal.Instant; stories?: typeof DAY },
): Promise<number[]> {
  const ids: number[] = [];
  for (const [i, [headline, summary, category]] of stories.entries()) {
    ids.push(await insertStory(db, publication, { headline, summary, category, hours: 2 + i, now }));
  }
  return ids;
}

/** Lets the sections of the publication be filled by the categories of their names. */
export async function fillSectionsByName(db: Db, publication: Publication): Promise<void> {
  const sections = await db
    .selectFrom('sections')
    .select(['id', 'name'])
    .where('publication_id', '=', publication.id)
    .execute();
  await db
    .insertInto('section_rules')
    .values(sections.map(({ id, name }) => ({ section_id: id, category: name })))
    .execute();
}
