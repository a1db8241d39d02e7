import { type Kysely, sql } from 'kysely';

/** What the checks found at each stage of an edition, of which content; and what addresses answered lately. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table edition_checks (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      stage text not null check (stage in ('submit', 'approve', 'call', 'pre-flight', 'press')),
      at timestamptz not null,
      hash text not null,
      findings jsonb not null
    );
    create index edition_checks_of on edition_checks (edition_id, id);

    create table address_answers (
      url text primary key,
      asked_at timestamptz not null,
      status int,
      trouble text check (trouble in ('dns', 'tls', 'timeout', 'private', 'unreachable')),
      type text,
      size_bytes int,
      check ((status is null) <> (trouble is null))
    );
  `.execute(db);
}
