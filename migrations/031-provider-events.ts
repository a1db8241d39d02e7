import { type Kysely, sql } from 'kysely';

/**
 * What a payment provider has told, each event once, by its id, and which of its objects it is about. `try_at` is when it is to be worked next; null: it is done
 * with. The payload goes after 90 days, or with the reader whose it is; its hash stays.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table provider_events (
      provider text not null,
      event_id text not null,
      kind text not null,
      about text check (about in ('checkout', 'subscription', 'charge')),
      about_id text,
      payload jsonb,
      payload_hash text not null,
      state text not null check (state in ('waiting', 'parked', 'worked', 'foreign', 'given_up')),
      subscription_id bigint references subscriptions on delete set null,
      received_at timestamptz not null,
      try_at timestamptz,
      tries int not null default 0,
      trouble text,
      primary key (provider, event_id),
      check ((about is null) = (about_id is null)),
      check ((try_at is not null) = (state in ('waiting', 'parked')))
    );
    create index provider_events_due on provider_events (try_at) where try_at is not null;
    create index provider_events_by_subscription on provider_events (subscription_id);
    create index provider_events_to_forget on provider_events (received_at) where payload is not null
  `.execute(db);
}
