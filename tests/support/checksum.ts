import { sql } from 'kysely';
import type { Db } from '../../src/db/connect.ts';

/** One value over everything in the database, some tables `except`ed: two are equal if no row was added, changed or taken away. */
export async function checksum(db: Db, except: string[] = []): Promise<string> {
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> all(${except}) order by tablename`.execute(
    db,
  );
  const sums = await Promise.all(
    tables.rows.map(async ({ name }) => {
      const { rows } = await sql<{ sum: string }>`
        select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${sql.table(name)} t`.execute(
        db,
      );
      return `${name} ${rows[0]?.sum}`;
    }),
  );
  return sums.join('\n');
}
