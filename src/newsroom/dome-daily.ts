import { path, routes } from '../routes.ts';
import type { Plan } from './publication/plan.ts';

/** The sample newspaper: a Capitol Hill daily of a capital that does not exist. */
export const DOME_DAILY = {
  slug: 'dome-daily',
  name: 'Dome Daily',
  tagline: 'Daily coverage of the people, politics and personality of Capitol Hill.',
  lang: 'en-US',
  dir: 'ltr' as const,
  from_name: 'Dome Daily',
  from_address: 'daily@dome-daily.test',
  reply_to: 'editors@dome-daily.test',
  zone: 'America/New_York',
  press_time: Temporal.PlainTime.from('06:00'),
  /** Every day, so that a newcomer sees an edition whenever they come. */
  publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
  weekly_on: 5,
  min_items: 3,
  target_items: 14,
  max_items: 20,
  dark_dates: [],
  privacy_url: null,
  postal_address: 'Dome Daily, 1 Rotunda Way, Suite 213, Port Meridian, Saltmarsh 00213',
  corrections_address: 'corrections@dome-daily.test',
} satisfies Omit<Plan['publication'], 'site_url'>;

/** Its pages for readers. */
export const PAGES = {
  home: path(routes.publication, { slug: DOME_DAILY.slug }),
  signUp: path(routes.signUp, { slug: DOME_DAILY.slug }),
  archive: path(routes.archive, { slug: DOME_DAILY.slug }),
};

/** The sections in the order of the page, each filled by the stories of its category, with its weight. */
export const SECTIONS = [
  { name: 'Congress', weight: 1 },
  { name: 'White House', weight: 0.8 },
  { name: 'Campaigns', weight: 0.7 },
  { name: 'Policy', weight: 0.6 },
  { name: 'People', weight: 0.5 },
] as const;

/** Where a story of no category of theirs belongs. */
const DEFAULT_SECTION = 'Policy';

/** The sample newspaper as its publication file would have it, for a program reached at `publicUrl`. */
export const sampleNewsroom = (publicUrl: string): Plan => ({
  publication: { ...DOME_DAILY, site_url: publicUrl + PAGES.home },
  sections: SECTIONS.map(({ name, weight }) => ({
    name,
    weight,
    default: name === DEFAULT_SECTION,
    categories: [name],
    feeds: [],
  })),
  feeds: [{ name: DOME_DAILY.name, url: publicUrl + routes.newsroomFeed }],
  offer: { name: 'Free trial', unit: 'editions', allowance: 10, cap_days: 22 },
  plans: [
    { slug: 'monthly', name: 'Monthly', price: dollars(19), interval: 'month' },
    { slug: 'yearly', name: 'Yearly', price: dollars(190), interval: 'year' },
  ],
});

const dollars = (amount: number) => ({ cents: amount * 100, currency: 'USD' });
