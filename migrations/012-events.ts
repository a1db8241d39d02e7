import { type Kysely, sql } from 'kysely';

/**
 * What comes back. `returned` keeps each mail and each provider's notice as it came until it has been worked, and its
 * key for good, so that it is taken once; `events` is what was found to have happened, once for each delivery and kind.
 * Runs are named without a foreign key: the ledger of an old one is dropped as a whole.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table returned (
      id bigint generated always as identity primary key,
      event_key text not null unique,
      way text not null check (way in ('smtp', 'imap', 'ses', 'postmark', 'mailgun', 'sendgrid', 'generic')),
      form text not null check (form in ('mail', 'notice')),
      sent_to text,
      raw bytea,
      arrived_at timestamptz not null,
      tries int not null default 0,
      try_at timestamptz,
      trouble text,
      check (raw is not null or try_at is null)
    );
    create index returned_waiting on returned (try_at) where try_at is not null;
    create index returned_kept on returned (arrived_at) where raw is not null;

    create table events (
      id bigint generated always as identity primary key,
      event_key text not null unique,
      kind text not null check (kind in ('hard_bounce', 'soft_bounce', 'policy', 'complaint', 'delayed', 'delivered',
        'automatic', 'noted', 'foreign')),
      way text not null,
      returned_id bigint references returned,
      run_id bigint,
      seq int,
      subscriber_id bigint references subscribers,
      reason text,
      status text,
      diagnostic text,
      at timestamptz not null,
      check ((run_id is null) = (seq is null)),
      check ((run_id is null) = (subscriber_id is null))
    );
    create index events_by_run on events (run_id, seq);
    create index events_by_reader on events (subscriber_id, at);
    create index events_policy on events (at) where kind = 'policy';

    alter table suppressions add column event_id bigint references events;

    create index outcomes_missed on outcomes (run_id, seq) where final and status in ('failed', 'skipped');
  `.execute(db);
}
