import { type Kysely, sql } from 'kysely';

/**
 * A press begins with a few readers, waits and looks before the rest follow; and an edition that was stopped may be pressed
 * anew, otherwise, for those who have not had it: `pressing` counts how often it was made up.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table publications
      add column ramp_readers int not null default 100 check (ramp_readers > 0),
      add column ramp_wait_seconds int not null default 90 check (ramp_wait_seconds >= 0);
    alter table editions add column pressing int not null default 1;
  `.execute(db);
}
