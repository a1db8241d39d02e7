import { type Kysely, sql } from 'kysely';

/**
 * What each relay in warm-up has been given of a day's allowance (UTC), taken in pieces by the workers; and the calls
 * of alarm, each made once for its occasion by whichever process claims it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table relay_days (
      relay text not null,
      day date not null,
      taken int not null check (taken >= 0),
      primary key (relay, day)
    );

    create table staff_calls (
      occasion text primary key,
      claimed_at timestamptz not null,
      answered_at timestamptz
    )`.execute(db);
}
