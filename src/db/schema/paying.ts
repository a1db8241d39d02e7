import type { ColumnType, Generated } from 'kysely';
import type { Id, Instant } from './kinds.ts';

// Who pays, for what, and how.

export interface Plans {
  id: Id;
  publication_id: number;
  slug: string;
  version: Generated<number>;
  name: string;
  price_cents: number;
  currency: string;
  interval: 'month' | 'year';
  active: Generated<boolean>;
}

export interface InvoiceRequests {
  id: Id;
  publication_id: number;
  plan_id: number;
  subscriber_id: number | null;
  address: string;
  name: string;
  organisation: string;
  billing_address: string;
  po_number: string | null;
  note: string | null;
  state: 'requested' | 'po_received' | 'paid' | 'withdrawn';
  payment_reference: string | null;
  asked_at: Instant;
  changed_at: Instant;
}

export interface Subscriptions {
  id: Id;
  public_id: string;
  publication_id: number;
  plan_id: number;
  subscriber_id: number | null;
  address: string;
  form_url: string;
  wording_id: string;
  ip: string | null;
  user_agent: string | null;
  network: string | null;
  state: 'pending_payment' | 'active' | 'past_due' | 'ended';
  end_reason: 'unpaid' | 'cancelled' | 'reversed' | 'erased' | null;
  checkout_id: string | null;
  provider_id: string | null;
  customer_id: string | null;
  first_paid_at: Instant | null;
  paid_until: Instant | null;
  cancel_at: Instant | null;
  credit_until: Instant | null;
  credited_at: Instant | null;
  credit_from: Instant | null;
  is_holder: Generated<boolean>;
  stop_wanted_at: Instant | null;
  stopped_at: Instant | null;
  cancel_wanted_at: Instant | null;
  cancelled_at: Instant | null;
  asked_at: Instant;
  changed_at: Instant;
}

export interface ProviderEvents {
  provider: string;
  event_id: string;
  kind: string;
  about: 'checkout' | 'subscription' | 'charge' | null;
  about_id: string | null;
  payload: ColumnType<unknown, string | null, string | null>;
  payload_hash: string;
  state: 'waiting' | 'parked' | 'worked' | 'foreign' | 'given_up';
  subscription_id: number | null;
  received_at: Instant;
  try_at: Instant | null;
  tries: Generated<number>;
  trouble: string | null;
}
