import { type RawBuilder, sql } from 'kysely';

/**
 * `values`, with each of `columns` that they leave out set to the default its table gives it: an update then leaves
 * the row as an insert of the same values would have made it.
 */
export function withDefaults<Values extends object, Column extends keyof Values>(
  values: Values,
  columns: readonly Column[],
): Values & Partial<Record<Column, RawBuilder<never>>> {
  const left = columns.filter((column) => values[column] === undefined);
  return Object.assign({ ...values }, Object.fromEntries(left.map((column) => [column, sql`default`])));
}
