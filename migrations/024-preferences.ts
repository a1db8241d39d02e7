import { type Kysely, sql } from 'kysely';

/**
 * How a reader wants a publication: every day or the weekly round-up, which sections (null: all, those to come included),
 * and at which hour of their own morning (null: at press time). Who has no row wants all of it, daily, at press time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table preferences (
      subscriber_id bigint not null references subscribers,
      publication_id int not null references publications,
      rhythm text not null default 'daily' check (rhythm in ('daily', 'weekly')),
      sections int[] check (cardinality(sections) > 0),
      morning_at time check (extract(second from morning_at) = 0 and extract(minute from morning_at) in (0, 30)),
      changed_at timestamptz not null,
      primary key (subscriber_id, publication_id)
    )`.execute(db);
}
