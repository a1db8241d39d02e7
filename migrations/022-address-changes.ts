import { type Kysely, sql } from 'kysely';

/**
 * Readers on their way to another address. Both addresses must say yes, each by a secret of which only the hash
 * stands here; the new address is kept no longer than it waits.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table address_changes (
      id bigint generated always as identity primary key,
      subscriber_id bigint not null references subscribers,
      new_address text,
      new_key text not null,
      approve_hash text not null unique,
      confirm_hash text not null unique,
      asked_at timestamptz not null,
      expires_at timestamptz not null,
      approved_at timestamptz,
      confirmed_at timestamptz,
      ended_at timestamptz,
      end_reason text check (end_reason in ('changed', 'stopped', 'withdrawn', 'replaced', 'taken')),
      check ((ended_at is null) = (end_reason is null) and (ended_at is null) = (new_address is not null))
    );
    create unique index address_changes_one_open on address_changes (subscriber_id) where ended_at is null;
  `.execute(db);
}
