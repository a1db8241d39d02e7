import { type Kysely, sql } from 'kysely';

/**
 * Who pays by card, for which plan, and how far it has come; the provider's objects are its own, by their ids. What is to
 * be done there stands beside it until it is done: the time that a trial had left (`credit_until`), and an end
 * (`cancel_wanted_at`).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table subscriptions (
      id bigint generated always as identity primary key,
      public_id text not null unique,
      publication_id int not null references publications,
      plan_id int not null references plans,
      subscriber_id bigint references subscribers,
      address text not null,
      form_url text not null,
      wording_id text not null,
      ip inet,
      user_agent text,
      network text,
      state text not null check (state in ('pending_payment', 'active', 'past_due', 'ended')),
      end_reason text check (end_reason in ('unpaid', 'cancelled', 'reversed', 'erased')),
      checkout_id text unique,
      provider_id text unique,
      customer_id text,
      provider_seen_at timestamptz,
      first_paid_at timestamptz,
      paid_until timestamptz,
      cancel_at timestamptz,
      credit_until timestamptz,
      credited_at timestamptz,
      cancel_wanted_at timestamptz,
      cancelled_at timestamptz,
      asked_at timestamptz not null,
      changed_at timestamptz not null,
      check ((state = 'ended') = (end_reason is not null)),
      check (state not in ('active', 'past_due') or (first_paid_at is not null and paid_until is not null and subscriber_id is not null))
    );
    create index subscriptions_by_reader on subscriptions (subscriber_id, publication_id);
    create index subscriptions_by_customer on subscriptions (customer_id);
    create index subscriptions_by_network on subscriptions (network, asked_at);
    create index subscriptions_pending on subscriptions (asked_at) where state = 'pending_payment';
    create index subscriptions_to_do on subscriptions (id)
      where (credit_until is not null and credited_at is null) or (cancel_wanted_at is not null and cancelled_at is null)
  `.execute(db);
}
