import { type Kysely, sql } from 'kysely';

/** A trial whose payment was taken back has an end of its own: nobody cancelled it, so coming back does not take it up again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table trials drop constraint trials_end_reason_check;
    alter table trials add constraint trials_end_reason_check
      check (end_reason in ('spent', 'hard_stop', 'cancelled', 'undeliverable', 'abuse', 'reversed'));
  `.execute(db);
}
