import { z } from 'zod';
import {
  address,
  currency,
  date,
  lang,
  line,
  list,
  oneOf,
  planSlug,
  slug,
  time,
  url,
  weekday,
  weekdays,
  whole,
  zone,
} from './fields.ts';

const DARK_DATE = z.strictObject(
  { dark_on: date, note: line('"Thanksgiving"') },
  'expected {"dark_on", "note"}',
);

const PUBLICATION = z.strictObject(
  {
    slug,
    name: line('"Dome Daily"'),
    tagline: line('"The capital before breakfast"'),
    site_url: url,
    from_name: line('"Dome Daily"'),
    from_address: address,
    reply_to: address.nullable().default(null),
    postal_address: line('"Dome Daily, 1 Rotunda Way, Port Meridian"'),
    corrections_address: address,
    privacy_url: url.nullable().default(null),
    lang: lang.optional(),
    dir: oneOf('ltr', 'rtl').optional(),
    zone,
    press_time: time,
    publishing_weekdays: weekdays,
    weekly_on: weekday.nullable().default(null),
    dark_dates: list(DARK_DATE, 'dark dates').default([]),
    cutoff_minutes: whole(0, 1440).optional(),
    stale_after_hours: whole(1, 23).optional(),
    no_action_policy: oneOf('auto_send_if_green', 'auto_hold', 'never_auto').optional(),
    doubtful_policy: oneOf('resend_once', 'hold', 'never').optional(),
    links: oneOf('direct', 'mendable', 'counted').optional(),
    schedule_label: line('"Today on the Hill"').optional(),
    ramp_readers: whole(1, 100_000).optional(),
    ramp_wait_seconds: whole(0, 3600).optional(),
    min_items: whole(1, 100).optional(),
    target_items: whole(1, 100).optional(),
    max_items: whole(1, 100).optional(),
  },
  'expected an object: the publication',
);

const WEIGHT = 'expected a number from 0 to 1, in hundredths';
const FEED_PART = z.strictObject({ feed: line('"State wire"'), category: line('"Budget"') });

const SECTION = z.strictObject(
  {
    name: line('"Congress"').regex(/[\p{L}\p{N}]/u, 'expected a name with a letter or a digit'),
    weight: z.number(WEIGHT).min(0, WEIGHT).max(1, WEIGHT).multipleOf(0.01, WEIGHT),
    cap: whole(1, 100).optional(),
    default: z.boolean('expected true or false').default(false),
    categories: list(line('"Senate"'), 'categories').default([]),
    feeds: list(
      z.union([line('"State wire"'), FEED_PART], `expected a feed's name, or {"feed", "category"}`),
      'feeds',
    ).default([]),
  },
  'expected an object: a section',
);

const FEED = z.strictObject(
  { name: line('"State wire"'), url, poll_minutes: whole(1, 1440).optional() },
  'expected an object: a feed',
);

const OFFER = z.strictObject(
  {
    name: line('"Free trial"'),
    unit: oneOf('editions', 'publishing_days').default('editions'),
    allowance: whole(1, 1000),
    cap_days: whole(1, 1000),
  },
  'expected an object: the offer of a trial',
);

const PLAN_TAKEN = z.strictObject(
  {
    slug: planSlug,
    name: line('"Monthly"'),
    price: z.strictObject({ cents: whole(1, 100_000_000), currency }, 'expected {"cents", "currency"}'),
    interval: oneOf('month', 'year'),
  },
  'expected an object: a plan to subscribe on',
);

/** The shape of a publication file; what its parts say of one another is checked by `whatDoesNotFit`. */
export const PLAN = z.strictObject(
  {
    publication: PUBLICATION,
    sections: list(SECTION, 'sections'),
    feeds: list(FEED, 'feeds'),
    offer: OFFER,
    plans: list(PLAN_TAKEN, 'plans').default([]),
  },
  'expected an object with "publication", "sections", "feeds", "offer" and, where there are any, "plans"',
);

/** All that makes a publication: itself, its sections and what fills them, its feeds, the offer of a trial, the plans. */
export type Plan = z.output<typeof PLAN>;
