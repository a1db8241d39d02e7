import { type Kysely, sql } from 'kysely';

/** Who reads. The address is kept as typed; `address_key` is the keyed hash of its canonical form. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table subscribers (
      id bigint generated always as identity primary key,
      public_id uuid not null unique default gen_random_uuid(),
      address text not null,
      address_key text not null unique,
      first_name text,
      lang text,
      zone text,
      created_at timestamptz not null,
      confirmed_at timestamptz,
      erased_at timestamptz
    );

    create table holds (
      id bigint generated always as identity primary key,
      subscriber_id bigint not null references subscribers,
      publication_id int references publications,
      kind text not null check (kind in ('paused', 'bounced', 'unsubscribed', 'complaint', 'admin')),
      started_at timestamptz not null,
      resume_on date,
      ended_at timestamptz,
      reason text
    );
    create unique index holds_one_open on holds (subscriber_id, publication_id, kind) nulls not distinct
      where ended_at is null;

    create index holds_by_reader on holds (subscriber_id);

    create table consents (
      id bigint generated always as identity primary key,
      subscriber_id bigint not null references subscribers,
      publication_id int not null references publications,
      purpose text not null check (purpose in ('service', 'marketing')),
      wording_id text not null,
      form_url text not null,
      ip inet,
      user_agent text,
      given_at timestamptz not null,
      confirmed_at timestamptz,
      withdrawn_at timestamptz
    );
    create index consents_by_reader on consents (subscriber_id, publication_id);

    create table suppressions (
      id bigint generated always as identity primary key,
      address_key text not null,
      reason text not null check (reason in ('hard_bounce', 'soft_bounces', 'complaint', 'admin')),
      proof text,
      created_at timestamptz not null,
      released_at timestamptz
    );
    create unique index suppressions_one_open on suppressions (address_key) where released_at is null;
    create index suppressions_by_address on suppressions (address_key);
  `.execute(db);
}
