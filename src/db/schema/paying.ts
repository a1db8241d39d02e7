import type { Generated } from 'kysely';
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
