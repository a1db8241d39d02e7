import { type Kysely, sql } from 'kysely';

/**
 * Signing in: better-auth's tables in our spelling (its models user, account, session and verification are `accounts`,
 * `credentials`, `sessions` and `verifications`), and two of ours: what was asked for, and how often was tried.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table accounts (
      id text primary key,
      subscriber_id bigint unique references subscribers,
      login text not null unique,
      is_proved boolean not null default false,
      name text not null default '',
      picture text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );

    create table credentials (
      id text primary key,
      account_id text not null references accounts on delete cascade,
      provider text not null,
      account_at_provider text not null,
      access_token text,
      refresh_token text,
      id_token text,
      access_token_expires_at timestamptz,
      refresh_token_expires_at timestamptz,
      scope text,
      password text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (provider, account_at_provider)
    );
    create index credentials_by_account on credentials (account_id);

    create table sessions (
      id text primary key,
      account_id text not null references accounts on delete cascade,
      token text not null unique,
      network_address text,
      user_agent text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index sessions_by_account on sessions (account_id);

    create table verifications (
      id text primary key,
      identifier text not null,
      value text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index verifications_by_identifier on verifications (identifier);

    create table letter_requests (
      id bigint generated always as identity primary key,
      letter text not null check (letter in ('sign-in', 'new-password')),
      address_key text not null,
      leads_to text,
      asked_at timestamptz not null
    );

    create table attempts (
      id bigint generated always as identity primary key,
      bucket text not null,
      at timestamptz not null
    );
    create index attempts_by_bucket on attempts (bucket, at);
  `.execute(db);
}
