import { path, routes } from '../routes.ts';

/** The sample newspaper: a Capitol Hill daily of a capital that does not exist. */
export const DOME_DAILY = {
  slug: 'dome-daily',
  name: 'Dome Daily',
  tagline: 'Daily coverage of the people, politics and personality of Capitol Hill.',
  lang: 'en-US',
  dir: 'ltr',
  from_name: 'Dome Daily',
  from_address: 'daily@dome-daily.test',
  reply_to: 'editors@dome-daily.test',
  zone: 'America/New_York',
  press_time: '06:00',
  /** Every day, so that a newcomer sees an edition whenever they come. */
  publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
  target_items: 14,
  postal_address: 'Dome Daily, 1 Rotunda Way, Suite 213, Port Meridian, Saltmarsh 00213',
  corrections_address: 'corrections@dome-daily.test',
} as const;

/** Its pages for readers. */
export const PAGES = {
  home: path(routes.publication, { slug: DOME_DAILY.slug }),
  signUp: path(routes.signUp, { slug: DOME_DAILY.slug }),
  archive: path(routes.archive, { slug: DOME_DAILY.slug }),
};

/** The sections in the order of the page, each filled by the stories of its category, with its weight. */
export const SECTIONS = [
  { slug: 'congress', name: 'Congress', weight: 1 },
  { slug: 'white-house', name: 'White House', weight: 0.8 },
  { slug: 'campaigns', name: 'Campaigns', weight: 0.7 },
  { slug: 'policy', name: 'Policy', weight: 0.6, is_default: true },
  { slug: 'people', name: 'People', weight: 0.5 },
] as const;
