import type { ColumnType, Generated } from 'kysely';
import type { Id, Instant, Json, PlainDate } from './kinds.ts';

// The digest of a date, and what was done to it.

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

export interface Editions {
  id: Id;
  publication_id: number;
  edition_on: PlainDate;
  kind: Generated<'regular' | 'breaking' | 'correction' | 'weekly' | 'sample'>;
  seq: Generated<number>;
  number: number | null;
  state: EditionState;
  layout: 'full' | 'light' | 'best_of' | 'weekly' | 'correction' | null;
  window_from: Instant | null;
  window_to: Instant | null;
  cutoff_at: Instant;
  press_at: Instant;
  stale_at: Instant;
  subject: string | null;
  preheader: string | null;
  editors_line: string | null;
  editors_name: string | null;
  schedule: string | null;
  sponsor_name: string | null;
  sponsor_text: string | null;
  sponsor_url: string | null;
  comment: string | null;
  reason: string | null;
  model: ColumnType<unknown, string | null | undefined, string | null>;
  content_hash: string | null;
  composed_at: Instant | null;
  pressed_at: Instant | null;
  first_accepted_at: Instant | null;
  withdrawn_at: Instant | null;
  withdraw_reason: string | null;
  pressing: Generated<number>;
  /** The edition that a correction corrects. */
  corrects: ColumnType<Corrects | null, string | null | undefined, string | null>;
}

/** An edition that a correction is about. */
type Corrects = { edition_id: number; edition_on: string; kind: 'regular' | 'weekly'; pressing: number };

export interface Corrections {
  id: Id;
  publication_id: number;
  edition_id: number;
  article_id: number | null;
  severity: 'typo' | 'fact' | 'harm';
  wrong: string;
  right_words: string;
  note: string;
  at: Instant;
  staff_id: number | null;
  actor: string;
  told_in: number | null;
  dropped_at: Instant | null;
  dropped_by: string | null;
  drop_reason: string | null;
  mailed_in: number | null;
}

export interface EditionItems {
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
  image_alt: string | null;
  image_caption: string | null;
  dropped_at: Instant | null;
  kicker: string | null;
  picture_url: string | null;
  picture_credit: string | null;
  breaking: Generated<boolean>;
}

export interface EditionCandidates {
  edition_id: number;
  article_id: number;
  picked: boolean;
  reason: string;
  detail: string;
  score: number | null;
  score_parts: ColumnType<Record<string, number> | null, string | null | undefined, string | null>;
  same_as_article_id: number | null;
}

export interface EditionRevisions {
  edition_id: number;
  rev: number;
  at: Instant;
  actor: string;
  reason: string;
  content: Json<unknown>;
  content_hash: string;
}

export interface EditionEdits {
  id: Id;
  edition_id: number;
  at: Instant;
  staff_id: number | null;
  actor: string;
  verb: string;
  reason: string | null;
  undoes: number | null;
}

export interface EditionChanges {
  edit_id: number;
  edition_id: number;
  item_id: number | null;
  field: string;
  rev: number;
  before: Json<unknown>;
  after: Json<unknown>;
}

export interface Approvals {
  id: Id;
  edition_id: number;
  at: Instant;
  staff_id: number | null;
  actor: string;
  hash: string;
  content_hash: string;
  template_version: string;
  audience_rule: string;
  model: Json<unknown>;
  overrides: Json<Record<string, string>>;
  voided_at: Instant | null;
  void_reason: string | null;
}

export interface EditionChecks {
  id: Id;
  edition_id: number;
  stage: 'submit' | 'approve' | 'call' | 'pre-flight' | 'press';
  at: Instant;
  hash: string;
  findings: Json<unknown>;
}

export interface AddressAnswers {
  url: string;
  asked_at: Instant;
  status: number | null;
  trouble: 'dns' | 'tls' | 'timeout' | 'private' | 'unreachable' | null;
  type: string | null;
  size_bytes: number | null;
}

export interface EditionMoves {
  id: Id;
  edition_id: number;
  at: Instant;
  from_state: string;
  to_state: string;
  actor: string;
  reason: string | null;
}
