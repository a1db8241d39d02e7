import { type Kysely, sql } from 'kysely';

/** An edition that has gone out may be withdrawn: nobody is shown it any more, and no trial has had it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table editions add column withdrawn_at timestamptz, add column withdraw_reason text,
      add check ((withdrawn_at is null) = (withdraw_reason is null));
    create index trial_events_by_key on trial_events (idem_key, trial_id) where event = 'edition_accepted';
  `.execute(db);
}
