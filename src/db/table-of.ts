import { type RawBuilder, sql } from 'kysely';

/**
 * `rows` as a table named `name` to select from, one array parameter for each column, so that a statement has one
 * shape however many rows it carries. `columns` gives each column's type in Postgres; other fields are left out.
 */
export function tableOf<Row extends object>(
  name: string,
  rows: readonly Row[],
  columns: { [column in keyof Row]?: string },
): RawBuilder<unknown> {
  const given = Object.entries(columns) as [keyof Row & string, string][];
  const arrays = given.map(([column, type]) => sql`${rows.map((row) => row[column])}::${sql.raw(type)}[]`);
  const names = sql.join(given.map(([column]) => sql.ref(column)));
  return sql`unnest(${sql.join(arrays)}) as ${sql.table(name)} (${names})`;
}

/** "Any of these ids", as one parameter: `where('id', '=', anyOf(ids))`. */
export const anyOf = (ids: readonly number[]): RawBuilder<number> => sql`any(${ids}::bigint[])`;
