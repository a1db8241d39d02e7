import type { Generated, GeneratedAlways } from 'kysely';
import type { Id, Instant, Json, JsonWithDefault, PlainDate } from './kinds.ts';

// What is handed over, and what the program notes of its own doings.

export interface Ticks {
  job: string;
  minute_at: Instant;
}

export interface Audit {
  id: Id;
  at: Instant;
  actor: string;
  verb: string;
  subject: string;
  reason: string | null;
  detail: JsonWithDefault<Record<string, unknown>>;
}

export interface Plates {
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

export interface Runs {
  id: Id;
  publication_id: number;
  kind: 'edition' | 'letters';
  run_on: PlainDate;
  edition_id: number | null;
  opened_at: Instant;
  paused_at: Instant | null;
  pause_reason: string | null;
  resumed_at: Instant | null;
  closed_at: Instant | null;
  dropped_at: Instant | null;
  audience_count: number | null;
  accepted_count: number | null;
  failed_count: number | null;
  skipped_count: number | null;
  unknown_count: number | null;
}

export interface Audience {
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

export interface Batches {
  run_id: number;
  no: number;
  lo: number;
  hi: number;
  priority: Generated<number>;
  state: Generated<'ready' | 'leased' | 'done'>;
  due_at: Instant;
  stale_at: Instant;
  owner: string | null;
  lease_until: Instant | null;
  fence: Generated<number>;
  marked: Generated<number[]>;
  marked_by: string | null;
}

export interface Outcomes {
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

export interface RelayDays {
  relay: string;
  day: PlainDate;
  taken: number;
}

export interface StaffCalls {
  occasion: string;
  claimed_at: Instant;
  answered_at: Instant | null;
}
