import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { TrialState } from '../db/schema/readers.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';

/** The free offer as one reader has it: the fold of its events, kept beside them. */
export type Trial = Selectable<Schema['trials']>;
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

/** The trials of a publication that give a right. */
export function listTrialsUnderWay(db: Db, publicationId: number): Promise<Trial[]> {
  return db
    .selectFrom('trials')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('state', 'in', ['scheduled', 'running', 'grace'])
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

/** How many readers of a mail domain have an open trial of a publication and have confirmed it. */
export async function countConfirmedAt(db: Db, publicationId: number, domain: string): Promise<number> {
  const { count } = await db
    .selectFrom('trials')
    .innerJoin('subscribers', 'subscribers.id', 'trials.subscriber_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('publication_id', '=', publicationId)
    .where(sql<boolean>`split_part(subscribers.address, '@', 2) = ${domain}`)
    .where('state', 'in', OPEN_STATES)
    .where('state', '<>', 'requested')
    .executeTakeFirstOrThrow();
  return Number(count);
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

function missing(id: number): never {
  throw notFound(`no trial ${id}`);
}
