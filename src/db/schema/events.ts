import type { Generated } from 'kysely';
import type { Id, Instant } from './kinds.ts';

// What comes back, and what it was found to mean.

/** By which way something came back. */
export type Way = 'smtp' | 'imap' | 'ses' | 'postmark' | 'mailgun' | 'sendgrid' | 'generic';

export interface Returned {
  id: Id;
  event_key: string;
  way: Way;
  form: 'mail' | 'notice';
  sent_to: string | null;
  raw: Buffer | null;
  arrived_at: Instant;
  tries: Generated<number>;
  try_at: Instant | null;
  trouble: string | null;
}

export type EventKind =
  | 'hard_bounce'
  | 'soft_bounce'
  | 'policy'
  | 'complaint'
  | 'delayed'
  | 'delivered'
  | 'automatic'
  | 'noted'
  | 'foreign';

export interface Events {
  id: Id;
  event_key: string;
  kind: EventKind;
  /** A way in, or `answer`: the mail server's own answer at the hand-over. */
  way: Way | 'answer';
  returned_id: number | null;
  run_id: number | null;
  seq: number | null;
  subscriber_id: number | null;
  reason: string | null;
  status: string | null;
  diagnostic: string | null;
  at: Instant;
}
