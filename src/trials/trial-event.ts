import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';
import { anyOf, tableOf } from '../db/table-of.ts';
import type { FoldedEvent, Projection } from './machine/fold.ts';
import type { Trial } from './trial.ts';

/** Something that happened to a trial: appended, and never changed. */
export type TrialEventRow = Selectable<Schema['trial_events']>;

/** An event as it is appended. */
export type EventRow = Omit<Insertable<Schema['trial_events']>, 'detail'> & Pick<FoldedEvent, 'detail'>;

/** Appends events, in their order, and writes what their trials are after them. The rows of the trials must be locked. */
export async function writeEvents(trx: Db, events: EventRow[], after: Trial[]): Promise<void> {
  if (events.length === 0) return;
  const columns = sql.join(Object.keys(EVENT_COLUMNS).map((column) => sql.ref(column)));
  await sql`insert into trial_events (${columns}) select * from ${tableOf('e', events, EVENT_COLUMNS)}`.execute(
    trx,
  );
  const moved = Object.keys(TRIAL_COLUMNS).filter((column) => column !== 'id');
  const set = sql.join(moved.map((column) => sql`${sql.ref(column)} = ${sql.ref(`a.${column}`)}`));
  await sql`update trials set ${set} from ${tableOf('a', after, TRIAL_COLUMNS)} where trials.id = a.id`.execute(
    trx,
  );
}

const EVENT_COLUMNS: { [column in keyof EventRow]?: string } = {
  trial_id: 'bigint',
  event: 'text',
  from_state: 'text',
  to_state: 'text',
  d_allowance: 'int',
  d_consumed: 'int',
  d_grace: 'int',
  d_grace_used: 'int',
  effective_at: 'timestamptz',
  recorded_at: 'timestamptz',
  actor: 'text',
  reason: 'text',
  idem_key: 'text',
  detail: 'jsonb',
};

/** What of a trial its events move. */
const TRIAL_COLUMNS: { [column in keyof Projection | 'id']: string } = {
  id: 'bigint',
  state: 'text',
  allowance: 'int',
  consumed: 'int',
  grace_allowance: 'int',
  grace_used: 'int',
  grace_why: 'text',
  cap_days: 'int',
  hard_stop_on: 'date',
  promise_floor_on: 'date',
  confirmed_at: 'timestamptz',
  ended_at: 'timestamptz',
  end_reason: 'text',
  version: 'int',
};

/** The event a key stands for, if it has been recorded. */
export function findEvent(db: Db, trialId: number, idemKey: string): Promise<TrialEventRow | undefined> {
  return db
    .selectFrom('trial_events')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('idem_key', '=', idemKey)
    .executeTakeFirst();
}

/** Those of these trials for which a key stands for an event already. */
export async function listTrialsWithEvent(
  db: Db,
  trialIds: readonly number[],
  idemKey: string,
): Promise<Set<number>> {
  const rows = await db
    .selectFrom('trial_events')
    .select('trial_id')
    .where('trial_id', '=', anyOf(trialIds))
    .where('idem_key', '=', idemKey)
    .execute();
  return new Set(rows.map(({ trial_id }) => trial_id));
}

/** The ids of the trials that counted an edition, in their order. */
export async function listTrialsThatCounted(db: Db, editionId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('trial_events')
    .select('trial_id')
    .where('event', '=', 'edition_accepted')
    .where('idem_key', '=', `ed:${editionId}`)
    .where('d_consumed', '>', 0)
    .orderBy('trial_id')
    .execute();
  return rows.map(({ trial_id }) => trial_id);
}

/** Everything that has happened to a trial, in the order it was recorded. */
export const listEvents = (db: Db, trialId: number): Promise<TrialEventRow[]> => listEventsOf(db, [trialId]);

/** Everything that has happened to these trials, in the order it was recorded. */
export function listEventsOf(db: Db, trialIds: readonly number[]): Promise<TrialEventRow[]> {
  return db
    .selectFrom('trial_events')
    .selectAll()
    .where('trial_id', '=', anyOf(trialIds))
    .orderBy('id')
    .execute();
}

/** Whether a reader has left, since an instant, by a letter about a trial that they never confirmed. */
export async function hasRefused(
  db: Db,
  { subscriber_id, publication_id }: { subscriber_id: number; publication_id: number },
  { since }: { since: Instant },
): Promise<boolean> {
  const found = await db
    .selectFrom('trial_events as e')
    .innerJoin('trials as t', 't.id', 'e.trial_id')
    .select('e.id')
    .where('t.subscriber_id', '=', subscriber_id)
    .where('t.publication_id', '=', publication_id)
    .where('t.confirmed_at', 'is', null)
    .where('e.event', '=', 'unsubscribed')
    .where('e.recorded_at', '>=', since)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Who ended a trial, the last time that it ended; undefined where it never did. */
export async function whoEnded(db: Db, trialId: number): Promise<string | undefined> {
  const last = await db
    .selectFrom('trial_events')
    .select('actor')
    .where('trial_id', '=', trialId)
    .where('to_state', '=', 'ended')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.actor;
}

/** How often a trial was given more editions, and how many in all. */
export type Given = { times: number; editions: number };

/** What each of these trials has been given by `events`; one that was given nothing by them is not in the map. */
export async function sumGiven(
  db: Db,
  trialIds: readonly number[],
  events: readonly ('extended' | 'reopened')[],
): Promise<Map<number, Given>> {
  const rows = await db
    .selectFrom('trial_events')
    .select(({ fn }) => [
      'trial_id',
      fn.countAll<number>().as('times'),
      fn.sum<number>('d_allowance').as('editions'),
    ])
    .where('trial_id', '=', anyOf(trialIds))
    .where('event', 'in', events)
    .where('d_allowance', '>', 0)
    .groupBy('trial_id')
    .execute();
  return new Map(
    rows.map(({ trial_id, times, editions }) => [trial_id, { times, editions: Number(editions) }]),
  );
}
