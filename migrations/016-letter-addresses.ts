import { type Kysely, sql } from 'kysely';

/** A letter may go elsewhere than to the reader's own address: to one they are moving to, or to the newsroom. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table letters add column address text`.execute(db);
}
