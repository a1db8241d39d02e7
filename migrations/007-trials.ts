import { type Kysely, sql } from 'kysely';

/** On what terms. Events carry deltas and are never edited; `trials` is their fold. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table offers (
      id int generated always as identity primary key,
      publication_id int not null references publications,
      slug text not null,
      version int not null default 1,
      name text not null,
      unit text not null default 'editions' check (unit in ('editions', 'publishing_days')),
      allowance int not null default 10 check (allowance > 0),
      cap_days int not null default 22 check (cap_days > 0),
      price_cents int,
      currency text,
      active boolean not null default true,
      unique (publication_id, slug, version)
    );

    create table trials (
      id bigint generated always as identity primary key,
      public_id uuid not null unique default gen_random_uuid(),
      subscriber_id bigint not null references subscribers,
      publication_id int not null references publications,
      offer_id int not null references offers,
      state text not null check (state in ('requested', 'scheduled', 'running', 'grace', 'ended', 'converted', 'void')),
      unit text not null check (unit in ('editions', 'publishing_days')),
      allowance int not null default 0,
      consumed int not null default 0,
      grace_allowance int not null default 0,
      grace_used int not null default 0,
      cap_days int not null,
      hard_stop_on date,
      promise_floor_on date,
      requested_at timestamptz not null,
      confirmed_at timestamptz,
      ended_at timestamptz,
      end_reason text check (end_reason in ('spent', 'hard_stop', 'cancelled', 'undeliverable', 'abuse')),
      version int not null default 1
    );
    create unique index trials_one_open on trials (subscriber_id, publication_id)
      where state in ('requested', 'scheduled', 'running', 'grace');
    create index trials_by_reader on trials (subscriber_id, publication_id, id);
    create index trials_by_request on trials (requested_at) where state = 'requested';
    create index trials_by_stop on trials (hard_stop_on) where state in ('scheduled', 'running');

    create table trial_events (
      id bigint generated always as identity primary key,
      trial_id bigint not null references trials,
      event text not null,
      to_state text,
      d_allowance int not null default 0,
      d_consumed int not null default 0,
      d_grace int not null default 0,
      d_grace_used int not null default 0,
      effective_at timestamptz not null,
      recorded_at timestamptz not null,
      actor text not null,
      reason text,
      idem_key text not null,
      detail jsonb not null default '{}',
      unique (trial_id, idem_key)
    );
    create trigger trial_events_append_only before update or delete or truncate on trial_events
      for each statement execute function refuse_change();

    create table trial_claims (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      kind text not null check (kind in ('strict', 'loose')),
      key_hash text not null,
      trial_id bigint not null references trials,
      claimed_at timestamptz not null,
      expires_on date,
      voided_at timestamptz
    );
    create unique index trial_claims_strict on trial_claims (publication_id, key_hash)
      where kind = 'strict' and voided_at is null;
    create index trial_claims_by_trial on trial_claims (trial_id);
    create index trial_claims_loose on trial_claims (publication_id, key_hash) where kind = 'loose';

    create table grants (
      id bigint generated always as identity primary key,
      subscriber_id bigint not null references subscribers,
      publication_id int not null references publications,
      source text not null check (source in ('trial', 'paid', 'comp', 'licence', 'gift', 'grace')),
      source_id text not null,
      starts_at timestamptz not null,
      ends_at timestamptz,
      check (ends_at is null or ends_at >= starts_at),
      exclude using gist (source with =, source_id with =, tstzrange(starts_at, ends_at) with &&)
    );
    create index grants_by_reader on grants (publication_id, subscriber_id);
  `.execute(db);
}
