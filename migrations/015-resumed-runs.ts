import { type Kysely, sql } from 'kysely';

/** When a person let a run go on: complaints that came before it do not pause it again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table runs add column resumed_at timestamptz`.execute(db);
}
