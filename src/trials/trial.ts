import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { TrialState } from '../db/schema/readers.ts';
import type { Schema } from '../db/schema.ts';
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

/** Appends an event and writes what the trial is after it, in one statement. The row must be locked. */
export async function writeEvent(
  trx: Db,
  trialId: number,
  event: Omit<Insertable<Schema['trial_events']>, 'trial_id' | 'detail'> & Pick<FoldedEvent, 'detail'>,
  after: Projection,
): Promise<Trial> {
  return trx
    .with('appended', (db) =>
      db
        .insertInto('trial_events')
        .values({ ...event, detail: JSON.stringify(event.detail), trial_id: trialId })
        .returning('id'),
    )
    .updateTable('trials')
    .set(after)
    .where('id', '=', trialId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The event a key stands for, if it has been recorded. */
export function findEvent(db: Db, trialId: number, idemKey: string): Promise<TrialEventRow | undefined> {
  return db
    .selectFrom('trial_events')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('idem_key', '=', idemKey)
    .executeTakeFirst();
}

/** Everything that has happened to a trial, in the order it was recorded. */
export function listEvents(db: Db, trialId: number): Promise<TrialEventRow[]> {
  return db.selectFrom('trial_events').selectAll().where('trial_id', '=', trialId).orderBy('id').execute();
}

/** How often a trial has been given more editions. */
export async function countExtensions(db: Db, trialId: number): Promise<number> {
  const { times } = await db
    .selectFrom('trial_events')
    .select(({ fn }) => fn.countAll<number>().as('times'))
    .where('trial_id', '=', trialId)
    .where('event', 'in', ['extended', 'reopened'])
    .executeTakeFirstOrThrow();
  return times;
}

function missing(id: number): never {
  throw notFound(`no trial ${id}`);
}
