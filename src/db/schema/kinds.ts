import type { ColumnType, GeneratedAlways } from 'kysely';

export type Instant = Temporal.Instant;
export type PlainDate = Temporal.PlainDate;
export type Id = GeneratedAlways<number>;
/** Read as the value, written as its JSON text. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
