import type { Instant } from '../../db/schema/kinds.ts';

/** What the provider says of a subscription. */
export type Facts = {
  provider_id: string;
  /** Our own name for it, where it was begun by us. */
  public_id: string | null;
  customer_id: string;
  status: 'pending' | 'active' | 'past_due' | 'ended';
  /** The end of the last term that is paid for. */
  paid_until: Instant;
  /** When it is to end, if it is not to be paid again. */
  cancel_at: Instant | null;
};

/** When a subscription is settled, and the keys by which its reader is known. */
export type Settling = { now: Instant; secretKeys: readonly string[] };
