import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import type { Publication } from '../publications/publication.ts';

/** What a rehearsal of the coming days needs of the real database, in the order in which rows may refer to others. */
const TABLES: (keyof Schema)[] = [
  'publications',
  'dark_dates',
  'sections',
  'feeds',
  'section_rules',
  'articles',
  'article_sightings',
  'subscribers',
  'holds',
  'suppressions',
  'offers',
  'trials',
  'trial_events',
  'trial_claims',
  'grants',
];
const ROWS_A_STATEMENT = 5000;
const WEEK_HOURS = 7 * 24;

/** Copies the publication, its readers and its trials from `from` to the scratch database `to`. */
export async function copyForRehearsal(from: Db, to: Db): Promise<void> {
  for (const table of TABLES) {
    for (let offset = 0; ; offset += ROWS_A_STATEMENT) {
      const { rows } = await sql<{ rows: string | null; count: number }>`
        select json_agg(t)::text as rows, count(*) as count
        from (select * from ${sql.table(table)} order by 1, 2 limit ${ROWS_A_STATEMENT} offset ${offset}) t`.execute(
        from,
      );
      const page = rows[0];
      if (!page?.rows) break;
      await sql`insert into ${sql.table(table)} overriding system value
        select * from json_populate_recordset(null::${sql.table(table)}, ${page.rows}::json)`.execute(to);
      if (page.count < ROWS_A_STATEMENT) break;
    }
    await continueIdentity(to, table);
  }
}

/**
 * Moves the articles of the last weeks forward, so that the coming days have something to pick from: each stands in at
 * the same weekday and hour, one week on, and is ingested when it "appears". Feeds are left alone.
 */
export async function letLastWeekStandIn(
  db: Db,
  publication: Publication,
  { now }: { now: Temporal.Instant },
): Promise<void> {
  const since = now.subtract({ hours: WEEK_HOURS });
  await sql`delete from articles where publication_id = ${publication.id} and first_published_at <= ${since}`.execute(
    db,
  );
  await sql`update articles set
      first_published_at = first_published_at + interval '7 days', published_at = published_at + interval '7 days',
      ingested_at = first_published_at + interval '7 days', embargoed_until = null
    where publication_id = ${publication.id}`.execute(db);
  await db
    .updateTable('feeds')
    .set({ paused_at: now })
    .where('publication_id', '=', publication.id)
    .execute();
}

/** Rows were copied with their ids: new ones must come after them. */
async function continueIdentity(db: Db, table: keyof Schema): Promise<void> {
  const { rows } = await sql`select 1 from information_schema.columns
    where table_name = ${table} and column_name = 'id' and is_identity = 'YES'`.execute(db);
  if (rows.length === 0) return;
  await sql`select setval(pg_get_serial_sequence(${table}, 'id'), max(id)) from ${sql.table(table)}`.execute(
    db,
  );
}
