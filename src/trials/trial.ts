import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { TrialState } from '../db/schema/readers.ts';
import type { Schema } from '../db/schema.ts';
import { anyOf, tableOf } from '../db/table-of.ts';
import { notFound } from '../errors.ts';
import type { FoldedEvent, Projection } from './machine/fold.ts';

/** The free offer as one reader has it: the fold of its events, kept beside them. */
export type Trial = Selectable<Schema['trials']>;
export type TrialEventRow = Selectable<Schema['trial_events']>;

/** A trial in one of these may still go somewhere by itself. */
const OPEN_STATES: readonly TrialState[] = ['requested', 'scheduled', 'running', 'grace'];

/** The trial with this id; throws `not_found`. */
export async function requireTrial(db: Db, id: number): Promise<Trial> {
  const found = await db.selectFrom('trials').selectAll().where('id', '=', id).executeTakeFirst();
  return found ?? missing(id);
}

/** The trial with this id, its row held until the transaction ends; throws `not_found`. */
export async function lockTrial(trx: Db, id: number): Promise<Trial> {
  const found = await trx
    .selectFrom('trials')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return found ?? missing(id);
}

/** The newest trial of a reader for a publication, whatever its state. */
export function findTrial(
  db: Db,
  { subscriber_id, publication_id }: { subscriber_id: number; publication_id: number },
): Promise<Trial | undefined> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('subscriber_id', '=', subscriber_id)
    .where('publication_id', '=', publication_id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The open trials of these readers for a publication; none of a reader who has none. */
export function listOpenTrials(
  db: Db,
  publicationId: number,
  subscriberIds: readonly number[],
): Promise<Trial[]> {
  if (subscriberIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('trials')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('subscriber_id', 'in', subscriberIds)
    .where('state', 'in', OPEN_STATES)
    .orderBy('id')
    .execute();
}

/** The open trials of one reader, for whatever publication. */
export function listOpenTrialsOf(db: Db, subscriberId: number): Promise<Trial[]> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', OPEN_STATES)
    .orderBy('id')
    .execute();
}

/** The open trials of a publication whose reader is held because mail came back. */
export function listTrialsBounced(db: Db, publicationId: number): Promise<Trial[]> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('state', 'in', OPEN_STATES)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('holds')
          .whereRef('holds.subscriber_id', '=', 'trials.subscriber_id')
          .where('holds.kind', '=', 'bounced')
          .where('holds.ended_at', 'is', null),
      ),
    )
    .orderBy('id')
    .execute();
}

/** The trials that may have come to a stop by `date`: past their last date, or spent and past what was promised. */
export function listTrialsToStop(db: Db, publicationId: number, date: PlainDate): Promise<Trial[]> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('state', 'in', ['scheduled', 'running'])
    .where((eb) =>
      eb.or([
        eb('hard_stop_on', '<', date),
        eb.and([eb('promise_floor_on', '<', date), eb('consumed', '>=', eb.ref('allowance'))]),
      ]),
    )
    .orderBy('id')
    .execute();
}

/** The requests made at or before `at` that nobody has confirmed. */
export function listRequestsUntil(db: Db, at: Instant): Promise<Trial[]> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('state', '=', 'requested')
    .where('requested_at', '<=', at)
    .orderBy('id')
    .execute();
}

/** Adds a trial to which nothing has happened yet: its first event, `requested`, must follow in the same transaction. */
export function insertTrial(
  trx: Db,
  values: Omit<Insertable<Schema['trials']>, 'state' | 'version'>,
): Promise<Trial> {
  return trx
    .insertInto('trials')
    .values({ ...values, state: 'requested', version: 0 })
    .returningAll()
    .executeTakeFirstOrThrow();
}

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

/** The trials with ids above `after`, in order; their rows are held against change until the transaction ends. */
export function listTrialsAfter(trx: Db, after: number, { limit }: { limit: number }): Promise<Trial[]> {
  return trx
    .selectFrom('trials')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .forShare()
    .execute();
}

/** Every trial a reader has had of a publication, oldest first. */
export function listTrialsOf(
  db: Db,
  { subscriber_id, publication_id }: { subscriber_id: number; publication_id: number },
): Promise<Trial[]> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('subscriber_id', '=', subscriber_id)
    .where('publication_id', '=', publication_id)
    .orderBy('id')
    .execute();
}

/** How often a trial was given more editions, and how many in all. */
export type Given = { times: number; editions: number };

/** What each of these trials has been given by `events`; one that never was is not in the map. */
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
    .groupBy('trial_id')
    .execute();
  return new Map(
    rows.map(({ trial_id, times, editions }) => [trial_id, { times, editions: Number(editions) }]),
  );
}

function missing(id: number): never {
  throw notFound(`no trial ${id}`);
}
