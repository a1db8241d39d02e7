import type { Db } from '../db/connect.ts';
import { setUpPublication } from '../newsroom/publication/set-up.ts';
import { type Publication, requirePublication } from '../publications/publication.ts';
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
export async function setUpRehearsed(
  db: Db,
  { dark, feeds, ...calendar }: RehearsedPublication,
  { now }: { now: Temporal.Instant },
): Promise<Publication> {
  const plan = {
    publication: {
      ...calendar,
      slug: 'rehearsal',
      name: 'The Rehearsal',
      tagline: 'A month of days in a minute',
      site_url: 'https://rehearsal.test',
      from_name: 'The Rehearsal',
      from_address: 'daily@rehearsal.test',
      reply_to: null,
      postal_address: 'The Rehearsal, 1 Stage Door, Washington, DC 20002',
      corrections_address: 'corrections@rehearsal.test',
      privacy_url: null,
      weekly_on: null,
      dark_dates: dark.map((dark_on) => ({ dark_on, note: 'dark in this rehearsal' })),
    },
    sections: REHEARSED_SECTIONS.map((section) => ({ default: false, feeds: [], ...section })),
    feeds: feeds.map((url) => ({
      name: new URL(url).hostname.split('.')[0] as string,
      url,
      poll_minutes: POLL_MINUTES,
    })),
    offer: { name: 'Free trial', unit: 'editions' as const, allowance: 10, cap_days: 22 },
    plans: [],
  };
  const { publication_id } = await setUpPublication(db, plan, { now });
  return requirePublication(db, publication_id);
}
