import type { Generated, GeneratedAlways } from 'kysely';
import type { Id, Instant, JsonWithDefault, PlainDate } from './kinds.ts';

// Who reads, on what terms, and what they are to be told.

export interface Subscribers {
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

export interface Preferences {
  subscriber_id: number;
  publication_id: number;
  rhythm: 'daily' | 'weekly';
  sections: number[] | null;
  morning_at: Temporal.PlainTime | null;
  changed_at: Instant;
}

export interface Holds {
  id: Id;
  subscriber_id: number;
  publication_id: number | null;
  kind: 'paused' | 'bounced' | 'unsubscribed' | 'complaint' | 'admin';
  started_at: Instant;
  resume_on: PlainDate | null;
  ended_at: Instant | null;
  reason: string | null;
}

export interface Consents {
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

export interface Suppressions {
  id: Id;
  address_key: string;
  reason: 'hard_bounce' | 'soft_bounces' | 'complaint' | 'admin';
  proof: string | null;
  event_id: number | null;
  created_at: Instant;
  released_at: Instant | null;
}

export interface Offers {
  id: Id;
  publication_id: number;
  slug: string;
  version: Generated<number>;
  name: string;
  unit: Generated<TrialUnit>;
  allowance: Generated<number>;
  cap_days: Generated<number>;
  active: Generated<boolean>;
}

export type TrialUnit = 'editions' | 'publishing_days';

export type TrialState = 'requested' | 'scheduled' | 'running' | 'grace' | 'ended' | 'converted' | 'void';

/** Why an ended trial's reader goes on receiving for a while. */
export type GraceReason = 'po_pending' | 'payment_pending' | 'courtesy';

export type TrialEndReason = 'spent' | 'hard_stop' | 'cancelled' | 'undeliverable' | 'abuse' | 'reversed';

export interface Trials {
  id: Id;
  public_id: GeneratedAlways<string>;
  subscriber_id: number;
  publication_id: number;
  offer_id: number;
  state: TrialState;
  unit: TrialUnit;
  allowance: Generated<number>;
  consumed: Generated<number>;
  grace_allowance: Generated<number>;
  grace_used: Generated<number>;
  grace_why: GraceReason | null;
  cap_days: number;
  hard_stop_on: PlainDate | null;
  promise_floor_on: PlainDate | null;
  requested_at: Instant;
  confirmed_at: Instant | null;
  ended_at: Instant | null;
  end_reason: TrialEndReason | null;
  version: Generated<number>;
}

export interface TrialEvents {
  id: Id;
  trial_id: number;
  event: string;
  from_state: string | null;
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

export interface TrialClaims {
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

export interface Grants {
  id: Id;
  subscriber_id: number;
  publication_id: number;
  source: GrantSource;
  source_id: string;
  starts_at: Instant;
  ends_at: Instant | null;
}

export interface Letters {
  id: Id;
  subscriber_id: number;
  publication_id: number;
  trial_id: number | null;
  letter: string;
  anchor: string;
  due_at: Instant;
  asked_at: Instant;
  detail: JsonWithDefault<Record<string, unknown>>;
  address: string | null;
  claimed_at: Instant | null;
  dropped_at: Instant | null;
  drop_reason: string | null;
}
