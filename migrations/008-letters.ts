import { type Kysely, sql } from 'kysely';

/** What a reader is to be told that is no edition: asked for once per anchor. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table letters (
      id bigint generated always as identity primary key,
      subscriber_id bigint not null references subscribers,
      publication_id int not null references publications,
      trial_id bigint references trials,
      letter text not null,
      anchor text not null,
      due_at timestamptz not null,
      asked_at timestamptz not null,
      detail jsonb not null default '{}',
      claimed_at timestamptz,
      dropped_at timestamptz,
      drop_reason text,
      unique (subscriber_id, letter, anchor)
    );
    create index letters_due on letters (due_at) where claimed_at is null and dropped_at is null;
  `.execute(db);
}
