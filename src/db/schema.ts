import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** The tables, spelled as the database spells them. `tests/db/schema.test.ts` holds this file to the migrations. */
export interface Schema {
  ticks: Ticks;
  audit: Audit;
  publications: Publications;
  dark_dates: DarkDates;
  sections: Sections;
  feeds: Feeds;
  section_rules: SectionRules;
  articles: Articles;
  article_sightings: ArticleSightings;
  article_comments: ArticleComments;
  editions: Editions;
  edition_items: EditionItems;
  edition_candidates: EditionCandidates;
  edition_revisions: EditionRevisions;
  subscribers: Subscribers;
  holds: Holds;
  consents: Consents;
  suppressions: Suppressions;
  offers: Offers;
  trials: Trials;
  trial_events: TrialEvents;
  trial_claims: TrialClaims;
  grants: Grants;
  letters: Letters;
  plates: Plates;
  runs: Runs;
  audience: Audience;
  batches: Batches;
  outcomes: Outcomes;
}

type Instant = Temporal.Instant;
type PlainDate = Temporal.PlainDate;
type Id = GeneratedAlways<number>;
/** Read as the value, written as its JSON text. */
type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;

interface Ticks {
  job: string;
  minute_at: Instant;
}

interface Audit {
  id: Id;
  at: Instant;
  actor: string;
  verb: string;
  subject: string;
  reason: string | null;
  detail: JsonWithDefault<Record<string, unknown>>;
}

interface Publications {
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
  cutoff_minutes: Generated<number>;
  stale_after_hours: Generated<number>;
  window_cap_hours: Generated<number>;
  min_items: Generated<number>;
  target_items: Generated<number>;
  max_items: Generated<number>;
  no_action_policy: Generated<'auto_send_if_green' | 'auto_hold' | 'never_auto'>;
  doubtful_policy: Generated<'resend_once' | 'hold' | 'never'>;
  created_at: Instant;
}

interface DarkDates {
  publication_id: number;
  dark_on: PlainDate;
  note: string;
}

interface Sections {
  id: Id;
  publication_id: number;
  slug: string;
  name: string;
  position: number;
  weight: Generated<number>;
  cap: Generated<number>;
  is_default: Generated<boolean>;
}

interface Feeds {
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

interface SectionRules {
  id: Id;
  section_id: number;
  feed_id: number | null;
  category: string | null;
}

interface Articles {
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

interface ArticleSightings {
  article_id: number;
  feed_id: number;
  url: string;
  seen_at: Instant;
}

interface ArticleComments {
  id: Id;
  article_id: number;
  author_name: string;
  body_text: string;
  commented_at: Instant | null;
  approved_at: Instant | null;
}

export type EditionState =
  | 'planned'
  | 'gathering'
  | 'draft'
  | 'in_review'
  | 'approved'
  | 'pressing'
  | 'pressed'
  | 'held'
  | 'skipped'
  | 'failed'
  | 'stopped';

interface Editions {
  id: Id;
  publication_id: number;
  edition_on: PlainDate;
  kind: Generated<'regular' | 'breaking' | 'correction' | 'weekly' | 'sample'>;
  seq: Generated<number>;
  number: number | null;
  state: EditionState;
  layout: 'full' | 'light' | 'best_of' | null;
  window_from: Instant | null;
  window_to: Instant | null;
  cutoff_at: Instant;
  press_at: Instant;
  stale_at: Instant;
  subject: string | null;
  preheader: string | null;
  editors_line: string | null;
  reason: string | null;
  model: ColumnType<unknown, string | null | undefined, string | null>;
  content_hash: string | null;
  composed_at: Instant | null;
  pressed_at: Instant | null;
  first_accepted_at: Instant | null;
}

interface EditionItems {
  id: Id;
  edition_id: number;
  article_id: number;
  place: 'lead' | 'top' | 'section' | 'brief';
  section_id: number | null;
  position: number;
  pinned: Generated<boolean>;
  follow_up: Generated<boolean>;
  prior_edition_id: number | null;
  headline: string | null;
  summary: string | null;
  show_image: Generated<boolean>;
  related_article_id: number | null;
  base_rev: number;
}

interface EditionCandidates {
  edition_id: number;
  article_id: number;
  picked: boolean;
  reason: string;
  detail: string;
  score: number | null;
  score_parts: ColumnType<Record<string, number> | null, string | null | undefined, string | null>;
  same_as_article_id: number | null;
}

interface EditionRevisions {
  edition_id: number;
  rev: number;
  at: Instant;
  actor: string;
  reason: string;
  content: Json<unknown>;
  content_hash: string;
}

interface Subscribers {
  id: Id;
  public_id: GeneratedAlways<string>;
  address: string;
  address_key: string;
  first_name: string | null;
  lang: string | null;
  zone: string | null;
  created_at: Instant;
  confirmed_at: Instant | null;
  erased_at: Instant | null;
}

interface Holds {
  id: Id;
  subscriber_id: number;
  publication_id: number | null;
  kind: 'paused' | 'bounced' | 'unsubscribed' | 'complaint' | 'admin';
  started_at: Instant;
  resume_on: PlainDate | null;
  ended_at: Instant | null;
  reason: string | null;
}

interface Consents {
  id: Id;
  subscriber_id: number;
  publication_id: number;
  purpose: 'service' | 'marketing';
  wording_id: string;
  form_url: string;
  ip: string | null;
  user_agent: string | null;
  given_at: Instant;
  confirmed_at: Instant | null;
  withdrawn_at: Instant | null;
}

interface Suppressions {
  id: Id;
  address_key: string;
  reason: 'hard_bounce' | 'soft_bounces' | 'complaint' | 'admin';
  proof: string | null;
  created_at: Instant;
  released_at: Instant | null;
}

interface Offers {
  id: Id;
  publication_id: number;
  slug: string;
  version: Generated<number>;
  name: string;
  unit: Generated<'editions' | 'publishing_days'>;
  allowance: Generated<number>;
  cap_days: Generated<number>;
  price_cents: number | null;
  currency: string | null;
  active: Generated<boolean>;
}

export type TrialState = 'requested' | 'scheduled' | 'running' | 'grace' | 'ended' | 'converted' | 'void';
export type TrialEndReason = 'spent' | 'hard_stop' | 'cancelled' | 'undeliverable' | 'abuse';

interface Trials {
  id: Id;
  public_id: GeneratedAlways<string>;
  subscriber_id: number;
  publication_id: number;
  offer_id: number;
  state: TrialState;
  unit: 'editions' | 'publishing_days';
  allowance: Generated<number>;
  consumed: Generated<number>;
  grace_allowance: Generated<number>;
  grace_used: Generated<number>;
  cap_days: number;
  hard_stop_on: PlainDate | null;
  promise_floor_on: PlainDate | null;
  requested_at: Instant;
  confirmed_at: Instant | null;
  ended_at: Instant | null;
  end_reason: TrialEndReason | null;
  version: Generated<number>;
}

interface TrialEvents {
  id: Id;
  trial_id: number;
  event: string;
  to_state: string | null;
  d_allowance: Generated<number>;
  d_consumed: Generated<number>;
  d_grace: Generated<number>;
  d_grace_used: Generated<number>;
  effective_at: Instant;
  recorded_at: Instant;
  actor: string;
  reason: string | null;
  idem_key: string;
  detail: JsonWithDefault<Record<string, unknown>>;
}

interface TrialClaims {
  id: Id;
  publication_id: number;
  kind: 'strict' | 'loose';
  key_hash: string;
  trial_id: number;
  claimed_at: Instant;
  expires_on: PlainDate | null;
  voided_at: Instant | null;
}

export type GrantSource = 'trial' | 'paid' | 'comp' | 'licence' | 'gift' | 'grace';

interface Grants {
  id: Id;
  subscriber_id: number;
  publication_id: number;
  source: GrantSource;
  source_id: string;
  starts_at: Instant;
  ends_at: Instant | null;
}

interface Letters {
  id: Id;
  subscriber_id: number;
  publication_id: number;
  trial_id: number | null;
  letter: string;
  anchor: string;
  due_at: Instant;
  asked_at: Instant;
  detail: JsonWithDefault<Record<string, unknown>>;
  claimed_at: Instant | null;
  dropped_at: Instant | null;
  drop_reason: string | null;
}

interface Plates {
  id: Id;
  edition_id: number;
  variant: string;
  subject: string;
  preheader: string;
  html: Json<unknown>;
  text: Json<unknown>;
  html_bytes: number;
  template_version: string;
  made_at: Instant;
}

interface Runs {
  id: Id;
  publication_id: number;
  kind: 'edition' | 'letters';
  run_on: PlainDate;
  edition_id: number | null;
  opened_at: Instant;
  paused_at: Instant | null;
  pause_reason: string | null;
  closed_at: Instant | null;
  audience_count: number | null;
  accepted_count: number | null;
  failed_count: number | null;
  skipped_count: number | null;
  unknown_count: number | null;
}

interface Audience {
  run_id: number;
  seq: number;
  subscriber_id: number;
  letter_id: number | null;
  address: string;
  decision: 'send' | 'skip';
  reason: string | null;
  grant_id: number | null;
  grant_source: string | null;
  variant: string | null;
  due_at: Instant;
  stale_at: Instant;
}

interface Batches {
  run_id: number;
  no: number;
  lo: number;
  hi: number;
  priority: Generated<number>;
  state: Generated<'ready' | 'leased' | 'done'>;
  due_at: Instant;
  owner: string | null;
  lease_until: Instant | null;
  fence: Generated<number>;
  mark_seq: number | null;
}

interface Outcomes {
  run_id: number;
  seq: number;
  attempt: number;
  status: 'accepted' | 'deferred' | 'failed' | 'skipped' | 'unknown';
  final: GeneratedAlways<boolean>;
  reason: string | null;
  reply: string | null;
  reply_code: number | null;
  retry_at: Instant | null;
  worker: string | null;
  at: Instant;
}
