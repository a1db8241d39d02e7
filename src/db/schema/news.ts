import type { Generated } from 'kysely';
import type { Id, Instant, PlainDate } from './kinds.ts';

// What we read and publish.

export interface Publications {
  id: Id;
  slug: string;
  name: string;
  tagline: string;
  lang: Generated<string>;
  dir: Generated<'ltr' | 'rtl'>;
  site_url: string;
  from_name: string;
  from_address: string;
  reply_to: string | null;
  postal_address: string;
  corrections_address: string;
  privacy_url: string | null;
  zone: string;
  press_time: Temporal.PlainTime;
  publishing_weekdays: number[];
  weekly_on: number | null;
  cutoff_minutes: Generated<number>;
  stale_after_hours: Generated<number>;
  window_cap_hours: Generated<number>;
  min_items: Generated<number>;
  target_items: Generated<number>;
  max_items: Generated<number>;
  no_action_policy: Generated<'auto_send_if_green' | 'auto_hold' | 'never_auto'>;
  doubtful_policy: Generated<'resend_once' | 'hold' | 'never'>;
  links: Generated<'direct' | 'mendable' | 'counted'>;
  schedule_label: Generated<string>;
  ramp_readers: Generated<number>;
  ramp_wait_seconds: Generated<number>;
  created_at: Instant;
}

export interface DarkDates {
  publication_id: number;
  dark_on: PlainDate;
  note: string;
}

export interface Sections {
  id: Id;
  publication_id: number;
  slug: string;
  name: string;
  position: number;
  weight: Generated<number>;
  cap: Generated<number>;
  is_default: Generated<boolean>;
}

export interface Feeds {
  id: Id;
  publication_id: number;
  name: string;
  url: string;
  poll_minutes: Generated<number>;
  next_poll_at: Instant;
  etag: string | null;
  last_modified: string | null;
  last_polled_at: Instant | null;
  last_read_at: Instant | null;
  failures: Generated<number>;
  last_error: string | null;
  paused_at: Instant | null;
}

export interface SectionRules {
  id: Id;
  section_id: number;
  feed_id: number | null;
  category: string | null;
}

export interface Articles {
  id: Id;
  publication_id: number;
  feed_id: number | null;
  story_key: string;
  url: string;
  guid: string | null;
  headline: string;
  byline: string | null;
  summary: Generated<string>;
  body_html: Generated<string>;
  body_text: Generated<string>;
  categories: Generated<string[]>;
  lang: string | null;
  priority: number | null;
  feed_position: number | null;
  image_url: string | null;
  image_alt: string | null;
  image_caption: string | null;
  image_credit: string | null;
  image_width: number | null;
  image_height: number | null;
  comment_count: Generated<number>;
  published_at: Instant;
  first_published_at: Instant;
  ingested_at: Instant;
  updated_at: Instant | null;
  embargoed_until: Instant | null;
  withdrawn_at: Instant | null;
  no_digest: Generated<boolean>;
  rev: Generated<number>;
  content_hash: string;
}

export interface ArticleSightings {
  article_id: number;
  feed_id: number;
  url: string;
  seen_at: Instant;
}

export interface ArticleComments {
  id: Id;
  article_id: number;
  author_name: string;
  body_text: string;
  commented_at: Instant | null;
  approved_at: Instant | null;
}
