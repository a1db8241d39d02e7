import { type Kysely, sql } from 'kysely';

/**
 * What only an editor brings: a signed line, the schedule of the day, a labelled sponsor, the reader's comment they picked; and of
 * an item its kicker, another picture, and that it breaks in.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table publications add column schedule_label text not null default 'Today on the Hill';
    alter table editions
      add column editors_name text,
      add column schedule text,
      add column sponsor_name text,
      add column sponsor_text text,
      add column sponsor_url text,
      add column comment text;
    alter table edition_items
      add column kicker text,
      add column picture_url text,
      add column picture_credit text,
      add column breaking boolean not null default false;
  `.execute(db);
}
