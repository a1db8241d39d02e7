import { type Kysely, sql } from 'kysely';

/** The weekday of a publication's weekly round-up (1 is Monday; null: it has none), and that an edition may be one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table publications add column weekly_on smallint check (weekly_on between 1 and 7);

    alter table editions drop constraint editions_layout_check;
    alter table editions add constraint editions_layout_check
      check (layout in ('full', 'light', 'best_of', 'weekly'));
    alter table editions add constraint editions_one_weekly_a_date check (kind <> 'weekly' or seq = 1);
  `.execute(db);
}
