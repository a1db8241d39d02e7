import { type Kysely, sql } from 'kysely';

/** Asked for every minute: which pauses end today. Most open holds are of readers who have left. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index holds_paused on holds (publication_id, resume_on)
    where kind = 'paused' and ended_at is null`.execute(db);
}
