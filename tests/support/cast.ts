import type { Insertable } from 'kysely';
import type { Db } from '../../src/db/connect.ts';
import type { Schema } from '../../src/db/schema.ts';
import {
  insertPublication,
  type Publication,
  requirePublication,
} from '../../src/publications/publication.ts';

/** Monday, 23 November 2026, one hour before press in Washington. */
export const MONDAY = Temporal.Instant.from('2026-11-23T10:00:00Z');

/** The newsletter of the tests: weekdays at 06:00 in Washington, five sections, a trial of ten editions. */
export async function seedPublication(
  db: Db,
  over: Partial<Insertable<Schema['publications']>> = {},
): Promise<Publication> {
  const id = await insertPublication(db, {
    slug: 'dome-daily',
    name: 'Dome Daily',
    tagline: 'Daily coverage of the people, politics and personality of Capitol Hill',
    site_url: 'https://dome.test',
    from_name: 'Dome Daily',
    from_address: 'daily@dome.test',
    postal_address: 'Dome Daily, 1 Rotunda Way, Washington, DC 20002',
    corrections_address: 'corrections@dome.test',
    zone: 'America/New_York',
    press_time: Temporal.PlainTime.from('06:00'),
    publishing_weekdays: [1, 2, 3, 4, 5],
    created_at: MONDAY,
    ...over,
  });
  await db
    .insertInto('sections')
    .values(
      ['Congress', 'White House', 'Campaigns', 'Policy', 'People'].map((name, position) => ({
        publication_id: id,
        slug: name.toLowerCase().replace(' ', '-'),
        name,
        position,
        weight: (5 - position) / 5,
        is_default: name === 'Policy',
      })),
    )
    .execute();
  await db
    .insertInto('offers')
    .values({ publication_id: id, slug: 'free-trial', name: 'Free trial' })
    .execute();
  return requirePublication(db, id);
}
