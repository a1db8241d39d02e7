import { type Kysely, sql } from 'kysely';

/**
 * Who works at the desk, and in what role; the second factor of an account, its secret sealed and its spare codes hashed; and
 * which session has shown it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table staff (
      id int generated always as identity primary key,
      subscriber_id bigint not null unique references subscribers,
      name text not null,
      role text not null check (role in ('editor', 'approver', 'admin')),
      added_at timestamptz not null,
      ended_at timestamptz
    );

    create table second_factors (
      account_id text primary key references accounts on delete cascade,
      sealed text not null,
      asked_at timestamptz not null,
      proved_at timestamptz,
      last_step bigint not null default 0,
      spare_codes text[] not null default '{}'
    );

    alter table sessions add column second_factor_at timestamptz;
  `.execute(db);
}
