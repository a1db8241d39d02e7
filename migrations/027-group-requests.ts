import { type Kysely, sql } from 'kysely';

/** Who asks for a trial for all colleagues; `subscriber_id` is known once the newsroom has been told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table group_requests (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      subscriber_id bigint references subscribers,
      address text not null,
      name text not null,
      organisation text not null,
      office text,
      readers int not null check (readers > 0),
      note text,
      asked_at timestamptz not null
    );
    create index group_requests_by_reader on group_requests (subscriber_id);
  `.execute(db);
}
