import { type Kysely, sql } from 'kysely';

/**
 * The end of the term that a trial's time was reckoned from: once Stripe has another, that time is no longer to be credited.
 * Whether who asked was signed in to the address; and an end of the renewal that is to be told to the provider. Nothing is
 * kept of notices that are about nothing of ours.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table subscriptions
      add column credit_from timestamptz,
      add column is_holder boolean not null default false,
      add column stop_wanted_at timestamptz,
      add column stopped_at timestamptz,
      drop column provider_seen_at;
    drop index subscriptions_to_do;
    create index subscriptions_to_do on subscriptions (id)
      where (credit_until is not null and credited_at is null)
        or (cancel_wanted_at is not null and cancelled_at is null)
        or (stop_wanted_at is not null and stopped_at is null);
    update provider_events set payload = null where about is null
  `.execute(db);
}
