import { type Kysely, sql } from 'kysely';

/** What we read, when next, and which feeds and categories fill which section (a null means any). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table feeds (
      id int generated always as identity primary key,
      publication_id int not null references publications,
      name text not null,
      url text not null,
      poll_minutes int not null default 15 check (poll_minutes between 1 and 1440),
      next_poll_at timestamptz not null,
      etag text,
      last_modified text,
      last_polled_at timestamptz,
      last_read_at timestamptz,
      failures int not null default 0,
      last_error text,
      paused_at timestamptz,
      unique (publication_id, url)
    );
    create index feeds_due on feeds (next_poll_at) where paused_at is null;

    create table section_rules (
      id int generated always as identity primary key,
      section_id int not null references sections on delete cascade,
      feed_id int references feeds on delete cascade,
      category text,
      check (feed_id is not null or category is not null),
      unique nulls not distinct (section_id, feed_id, category)
    );
  `.execute(db);
}
