import type { Facts } from '../trials/paid/facts.ts';
import type { Plan } from '../trials/paid/plan.ts';

type Instant = Temporal.Instant;

/** What is to be paid for: `public_id` is our own name of the subscription, and makes a repeat the same checkout. */
export type Order = {
  public_id: string;
  plan: Plan;
  /** What is bought, as the payer reads it there. */
  title: string;
  address: string;
  /** Where the payer is sent afterwards, and where they are sent who turn back. */
  paid_url: string;
  back_url: string;
};

/** A page of the provider's on which somebody pays, and what has become of it. */
export type Checkout = {
  public_id: string | null;
  provider_id: string | null;
  state: 'open' | 'complete' | 'expired';
};

/** A payment, and whether it was taken back. */
export type Charge = { customer_id: string | null; is_refunded: boolean; is_disputed: boolean };

/** What a provider tells by itself: `about` one of its objects, of which only the id is believed; null: nothing of ours. */
export type Notice = {
  event_id: string;
  kind: string;
  about: 'checkout' | 'subscription' | 'charge' | null;
  about_id: string | null;
};

/**
 * A provider of card payments. What it does not know is undefined; every call throws `unavailable` where it does not
 * answer, and `invalid` where it will not do what it was asked.
 */
export type CardPayments = {
  readonly provider: string;
  /** Opens a page to pay on. */
  openCheckout(order: Order): Promise<{ id: string; url: string }>;
  findCheckout(id: string): Promise<Checkout | undefined>;
  /** A subscription as it stands there now. */
  findSubscription(id: string): Promise<Facts | undefined>;
  findCharge(id: string): Promise<Charge | undefined>;
  /** Every subscription there, also those not begun by us; one that cannot be read is its reason. */
  listSubscriptions(): AsyncIterable<Facts | Error>;
  /** Takes no money before this instant; what has been paid is not reckoned anew. */
  creditUntil(provider_id: string, until: Instant): Promise<void>;
  /** Whether it is paid again when the term is over. One whose card has failed ends at once instead: a payment that is tried still would be for the next term. */
  setRenewal(provider_id: string, renews: boolean): Promise<void>;
  /** Ends it at once. */
  cancel(provider_id: string): Promise<void>;
  /** A page on which the customer changes their card and sees their receipts. */
  openPortal(customer_id: string, back_url: string): Promise<string>;
  /** Makes sure that a notice is the provider's and new (300 s), and says what it is about. Throws `forbidden`, `invalid`. */
  readNotice(body: Buffer, signature: string | undefined, now: Instant): Promise<Notice>;
};
