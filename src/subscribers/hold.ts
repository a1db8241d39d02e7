import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';
import { anyOf } from '../db/table-of.ts';

/** Something that stops delivery without ending the right; for one publication, or (null) for all. */
export type Hold = Selectable<Schema['holds']>;
export type HoldKind = Hold['kind'];
/** Whom a hold is on, and for what. */
export type HoldOn = { subscriber_id: number; publication_id: number | null; kind: HoldKind };

/** Places a hold; false where one of its kind is open already, and nothing is changed. */
export async function placeHold(
  trx: Db,
  on: HoldOn & { resume_on?: PlainDate | null; reason?: string | null },
  { now }: { now: Instant },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('holds')
    .values({ ...on, resume_on: on.resume_on ?? null, reason: on.reason ?? null, started_at: now })
    .onConflict((conflict) =>
      conflict.columns(['subscriber_id', 'publication_id', 'kind']).where('ended_at', 'is', null).doNothing(),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Moves the date on which an open pause ends; false where it stood there already, or there is no pause. */
export async function movePause(
  trx: Db,
  { subscriber_id, publication_id }: Pick<HoldOn, 'subscriber_id' | 'publication_id'>,
  resumeOn: PlainDate,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('holds')
    .set({ resume_on: resumeOn })
    .where('subscriber_id', '=', subscriber_id)
    .where('publication_id', 'is not distinct from', publication_id)
    .where('kind', '=', 'paused')
    .where('ended_at', 'is', null)
    .where('resume_on', 'is distinct from', resumeOn)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The open pauses of a publication whose date has come by the local date `today`, oldest first. */
export function listPausesDue(db: Db, publicationId: number, today: PlainDate): Promise<Hold[]> {
  return db
    .selectFrom('holds')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('kind', '=', 'paused')
    .where('ended_at', 'is', null)
    .where('resume_on', '<=', today)
    .orderBy('id')
    .execute();
}

/** The open pause of a reader, if there is one. */
export function findPause(
  db: Db,
  { subscriber_id, publication_id }: { subscriber_id: number; publication_id: number },
): Promise<Hold | undefined> {
  return db
    .selectFrom('holds')
    .selectAll()
    .where('subscriber_id', '=', subscriber_id)
    .where('publication_id', '=', publication_id)
    .where('kind', '=', 'paused')
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/** Ends the open hold of a kind; false where there is none. */
export async function endHold(trx: Db, on: HoldOn, { now }: { now: Instant }): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('holds')
    .set({ ended_at: now })
    .where('subscriber_id', '=', on.subscriber_id)
    .where('publication_id', 'is not distinct from', on.publication_id)
    .where('kind', '=', on.kind)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Every hold there has been on a reader for a publication, those for all publications with them, oldest first. */
export function listHolds(db: Db, subscriberId: number, publicationId: number): Promise<Hold[]> {
  return db
    .selectFrom('holds')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where((eb) => eb.or([eb('publication_id', '=', publicationId), eb('publication_id', 'is', null)]))
    .orderBy('started_at')
    .orderBy('id')
    .execute();
}

/** As `listHolds`, of many readers, by reader. */
export async function listHoldsOf(
  db: Db,
  publicationId: number,
  subscriberIds: readonly number[],
): Promise<Map<number, Hold[]>> {
  const rows = await db
    .selectFrom('holds')
    .selectAll()
    .where('subscriber_id', '=', anyOf(subscriberIds))
    .where((eb) => eb.or([eb('publication_id', '=', publicationId), eb('publication_id', 'is', null)]))
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return Map.groupBy(rows, ({ subscriber_id }) => subscriber_id);
}

/** The kinds of hold on a reader at an instant; a pause counts until the local date it is to end on. */
export async function listHoldKinds(
  db: Db,
  subscriberId: number,
  publicationId: number,
  { at }: { at: Instant },
): Promise<HoldKind[]> {
  const rows = await db
    .selectFrom('holds')
    .innerJoin('publications', (join) => join.on('publications.id', '=', publicationId))
    .select('holds.kind')
    .distinct()
    .where('holds.subscriber_id', '=', subscriberId)
    .where((eb) =>
      eb.or([eb('holds.publication_id', '=', publicationId), eb('holds.publication_id', 'is', null)]),
    )
    .where('holds.started_at', '<=', at)
    .where((eb) => eb.or([eb('holds.ended_at', 'is', null), eb('holds.ended_at', '>', at)]))
    .where((eb) =>
      eb.or([
        eb('holds.resume_on', 'is', null),
        sql<boolean>`holds.resume_on > (${at}::timestamptz at time zone publications.zone)::date`,
      ]),
    )
    .execute();
  return rows.map(({ kind }) => kind);
}
