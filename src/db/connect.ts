import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

/** A connection pool, or the transaction in hand: verbs take either and do not care which. */
export type Db = Kysely<Schema>;

/** Where Postgres is: a `postgres://` address, or the parts that the embedded one gives. */
export type Target =
  | { connectionString: string }
  | { host: string; port: number; user: string; database: string };

const { builtins } = pg.types;
const types = new pg.TypeOverrides(); // not pg's global parsers: pg-boss shares the library and wants its dates plain
types.setTypeParser(builtins.INT8, Number);
types.setTypeParser(builtins.NUMERIC, Number);
types.setTypeParser(builtins.TIMESTAMPTZ, parseInstant);
types.setTypeParser(builtins.DATE, (text) => Temporal.PlainDate.from(text));
types.setTypeParser(builtins.TIME, (text) => Temporal.PlainTime.from(text));

/** Rows that come together mostly carry the same few instants, and reading one takes longer than the rest of its row. */
const known = new Map<string, Temporal.Instant>();
const MOST_KNOWN = 64;

function parseInstant(text: string): Temporal.Instant {
  const seen = known.get(text);
  if (seen) return seen;
  if (known.size >= MOST_KNOWN) known.clear();
  const instant = Temporal.Instant.from(text);
  known.set(text, instant);
  return instant;
}

/** How long a caller waits for a connection before it is told that the database does not answer. */
const PATIENCE_MS = 15_000;

/** A pool of at most `max` connections whose rows carry Temporal values; parameters may be Temporal values too. */
export function connect(target: Target, max = 10): Db {
  const pool = new pg.Pool({
    ...target,
    max,
    types,
    Client: TemporalClient,
    allowExitOnIdle: true,
    connectionTimeoutMillis: PATIENCE_MS,
  });
  pool.on('error', () => {}); // an idle connection that breaks is replaced; the query that needs it will say so
  pool.on('connect', (client) => client.on('error', () => {})); // so for one in use between two queries: else the process ends
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

const PREPARED = /^\/\* prepared: ([\w ]+) \*\//;

/**
 * pg turns unknown objects into JSON, which puts quotes round a Temporal value; this client writes them plainly. A
 * statement that begins with the comment `prepared: <name>` is planned once for each connection.
 */
class TemporalClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's own overloads, passed through
  override query(query: any, values?: any, callback?: any): any {
    if (!Array.isArray(values)) return super.query(query, values, callback);
    const [, name] = typeof query === 'string' ? (PREPARED.exec(query) ?? []) : [];
    const plainly = values.map(plain);
    if (name === undefined) return super.query(query, plainly, callback);
    return super.query({ name, text: query, values: plainly } as never, callback);
  }
}

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.some(isTemporal) ? value.map(plain) : value;
  return isTemporal(value) ? value.toString() : value;
};

const isTemporal = (value: unknown): value is { toString(): string } =>
  typeof value === 'object' &&
  value !== null &&
  String((value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag]).startsWith('Temporal.');
