import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { EditionState } from '../db/schema/editions.ts';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { conflict, notFound } from '../errors.ts';
import { hashContent } from './content.ts';
import type { EditionModel } from './model.ts';

/** One publication's digest of one date. */
export type Edition = Selectable<Schema['editions']>;
export type EditionKind = Edition['kind'];
export type { EditionState };

/** Where each state may lead (DESK §1). Pressed and skipped are final. */
const MOVES: Record<EditionState, EditionState[]> = {
  planned: ['gathering', 'draft', 'held', 'skipped'],
  gathering: ['draft', 'held', 'skipped'],
  draft: ['in_review', 'approved', 'pressing', 'held', 'skipped'],
  in_review: ['approved', 'pressing', 'held', 'skipped'],
  approved: ['in_review', 'pressing', 'held', 'skipped'],
  held: ['in_review', 'gathering', 'skipped'],
  pressing: ['pressed', 'stopped', 'failed', 'skipped'],
  stopped: ['pressing', 'skipped'],
  failed: ['pressing', 'skipped'],
  pressed: [],
  skipped: [],
};
/** States of an edition that has not begun to leave. */
const OPEN_STATES: EditionState[] = ['draft', 'in_review', 'approved'];

/** The edition of a date, if there is one. */
export function findEdition(
  db: Db,
  publicationId: number,
  date: Temporal.PlainDate,
  { kind = 'regular' }: { kind?: EditionKind } = {},
): Promise<Edition | undefined> {
  return db
    .selectFrom('editions')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('edition_on', '=', date)
    .where('kind', '=', kind)
    .orderBy('seq', 'desc')
    .executeTakeFirst();
}

/** The edition with this id; throws `not_found`. */
export async function requireEdition(db: Db, id: number): Promise<Edition> {
  const found = await db.selectFrom('editions').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no edition with id ${id}; an edition's id is printed by "presstime compose"`);
}

/** Open editions whose press time has come and which are not stale: what press may take now, the longest due first. */
export function listDueEditions(db: Db, { now }: { now: Temporal.Instant }): Promise<Edition[]> {
  return db
    .selectFrom('editions')
    .selectAll()
    .where('state', 'in', OPEN_STATES)
    .where('press_at', '<=', now)
    .where('stale_at', '>', now)
    .orderBy('press_at')
    .orderBy('id')
    .execute();
}

/** Editions that have gone stale before they left: they are never sent by themselves any more. */
export function listStaleEditions(db: Db, { now }: { now: Temporal.Instant }): Promise<Edition[]> {
  return db
    .selectFrom('editions')
    .selectAll()
    .where('state', 'in', [...OPEN_STATES, 'held', 'failed'])
    .where('stale_at', '<=', now)
    .orderBy('press_at')
    .execute();
}

/** Whether the stories of an edition have been picked: until then editors only say what they want in it. */
export const isComposed = ({ composed_at }: Pick<Edition, 'composed_at'>): boolean => composed_at !== null;

/** Writes a new edition; throws the database's unique violation where its date is taken. */
export function insertEdition(db: Db, values: Insertable<Schema['editions']>): Promise<Edition> {
  return db.insertInto('editions').values(values).returningAll().executeTakeFirstOrThrow();
}

/** Where an edition is to go from, and to; who moves it, `system` unless told, and why. */
export type Move = {
  from: EditionState[];
  to: EditionState;
  now: Temporal.Instant;
  actor?: string;
  reason?: string;
};

/**
 * Moves an edition on, if it still stands in one of the states `from`, and writes down who moved it. Returns it as it is
 * now, or undefined where somebody else was quicker. `pressed_at` is the moment it went to press; a skipped edition gives
 * its number back. Throws `conflict` for a move that DESK §1 does not know.
 */
export async function moveEdition(db: Db, id: number, move: Move): Promise<Edition | undefined> {
  const { from, to, now, actor = 'system', reason } = move;
  const wrong = from.find((state) => !MOVES[state].includes(to));
  if (wrong) {
    throw conflict(
      `an edition cannot go from ${wrong} to ${to}; from ${wrong} it may go to ${MOVES[wrong].join(', ') || 'nothing'}`,
    );
  }
  return inTransaction(db, async (trx) => {
    const stood = await lockEdition(trx, id);
    if (!stood || !from.includes(stood.state)) return undefined;
    await trx
      .insertInto('edition_moves')
      .values({
        edition_id: id,
        at: now,
        from_state: stood.state,
        to_state: to,
        actor,
        reason: reason ?? null,
      })
      .execute();
    return trx
      .updateTable('editions')
      .set({
        state: to,
        ...(reason === undefined ? {} : { reason }),
        ...(to === 'pressing' ? { pressed_at: stood.pressed_at ?? now } : {}),
        ...(to === 'skipped' ? { number: null } : {}),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/** Holds the edition's row until the transaction ends: edits, approvals and the press come one after the other. */
export function lockEdition(trx: Db, id: number): Promise<Edition | undefined> {
  return trx.selectFrom('editions').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

/** Sets when an edition goes to press. */
export async function setPress(trx: Db, id: number, press_at: Temporal.Instant): Promise<void> {
  await trx.updateTable('editions').set({ press_at }).where('id', '=', id).execute();
}

/** Keeps what an edition says as it goes to press, with the hash of that; neither is changed after. */
export async function storeModel(trx: Db, id: number, model: EditionModel): Promise<void> {
  const kept = JSON.stringify(model);
  await trx
    .updateTable('editions')
    .set({ model: kept, content_hash: hashContent(JSON.parse(kept) as EditionModel) })
    .where('id', '=', id)
    .execute();
}

/** Withdraws an edition that has gone out; false where it is withdrawn already, or has not gone out. */
export async function markWithdrawn(
  db: Db,
  id: number,
  { now, reason }: { now: Temporal.Instant; reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('editions')
    .set({ withdrawn_at: now, withdraw_reason: reason })
    .where('id', '=', id)
    .where('state', 'in', WITHDRAWABLE)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** States of an edition that has left, and to which nothing more will happen. */
export const WITHDRAWABLE: EditionState[] = ['pressed', 'stopped'];

/**
 * Whether an edition has told its stories, of the table or alias `edition`: a mail server took it for some reader, or
 * it stands frozen and its readers only wait for their hour.
 */
export const hasTold = (edition: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${edition}.first_accepted_at`)} is not null or ${sql.ref(`${edition}.state`)} = 'pressing')`;

/** Notes that an edition has been told: a mail server took it for a reader, or all of them wait for the round-up. False where that stands there already. */
export async function markEditionHanded(
  db: Db,
  id: number,
  { now }: { now: Temporal.Instant },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('editions')
    .set({ first_accepted_at: now })
    .where('id', '=', id)
    .where('first_accepted_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
