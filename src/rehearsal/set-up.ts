import type { Db } from '../db/connect.ts';
import { insertFeed } from '../feeds/feed.ts';
import { insertPublication, type Publication, requirePublication } from '../publications/publication.ts';
import { insertSection } from '../publications/section.ts';
import { insertOffer } from '../trials/offer.ts';
import { REHEARSED_SECTIONS } from './sections.ts';

/** The calendar of a rehearsed publication and the addresses of its feeds. */
export type RehearsedPublication = {
  zone: string;
  press_time: Temporal.PlainTime;
  publishing_weekdays: number[];
  dark: Temporal.PlainDate[];
  feeds: string[];
};

/** Feeds are looked at as often as a rehearsal wakes. */
const POLL_MINUTES = 30;

/** Adds the publication of a rehearsal, its sections, feeds, dark dates and trial offer. */
export async function setUpPublication(
  db: Db,
  { dark, feeds, ...calendar }: RehearsedPublication,
  { now }: { now: Temporal.Instant },
): Promise<Publication> {
  const publication_id = await insertPublication(db, {
    ...calendar,
    slug: 'rehearsal',
    name: 'The Rehearsal',
    tagline: 'A month of days in a minute',
    site_url: 'https://rehearsal.test',
    from_name: 'The Rehearsal',
    from_address: 'daily@rehearsal.test',
    postal_address: 'The Rehearsal, 1 Stage Door, Washington, DC 20002',
    corrections_address: 'corrections@rehearsal.test',
    created_at: now,
  });
  for (const [position, { name, weight, is_default = false, categories }] of REHEARSED_SECTIONS.entries()) {
    const slug = name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
    const rules = categories.map((category) => ({ feed_id: null, category }));
    await insertSection(db, { publication_id, slug, name, position, weight, is_default }, rules);
  }
  for (const url of feeds) {
    const name = new URL(url).hostname.split('.')[0] as string;
    await insertFeed(db, { publication_id, name, url, next_poll_at: now, poll_minutes: POLL_MINUTES });
  }
  const dates = dark.map((dark_on) => ({ publication_id, dark_on, note: 'dark in this rehearsal' }));
  if (dates.length) await db.insertInto('dark_dates').values(dates).execute();
  await insertOffer(db, { publication_id, slug: 'free-trial', name: 'Free trial' });
  return requirePublication(db, publication_id);
}
