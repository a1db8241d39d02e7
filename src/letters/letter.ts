import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import { lockInTransaction } from '../db/lock.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';
import { tableOf } from '../db/table-of.ts';
import { inTransaction } from '../db/transaction.ts';
import { CLOCK_LETTERS, type LetterName } from './letter-kind.ts';

/** What a reader is to be told that is no edition. Whether it still holds is decided at the hand-over. */
export type Letter = Selectable<Schema['letters']>;

/** What is asked for. `anchor` is the occasion: the same letter for the same occasion is asked for once. */
export type LetterAsked = {
  subscriber_id: number;
  publication_id: number;
  trial_id: number | null;
  letter: LetterName;
  anchor: string;
  due_at: Instant;
  detail?: Record<string, unknown>;
  /** Where it goes, if not to the reader's own address. */
  address?: string | null;
};

/** Asks for a letter in the caller's transaction; false where it was asked for before. */
export async function askForLetter(trx: Db, asked: LetterAsked, { now }: { now: Instant }): Promise<boolean> {
  return (await askForLetters(trx, [asked], { now })) === 1;
}

/** Asks for letters in the caller's transaction; returns how many had not been asked for before. */
export async function askForLetters(
  trx: Db,
  asked: LetterAsked[],
  { now }: { now: Instant },
): Promise<number> {
  if (asked.length === 0) return 0;
  const rows = asked.map((letter) => ({
    ...letter,
    detail: letter.detail ?? {},
    address: letter.address ?? null,
    asked_at: now,
  }));
  const columns = sql.join(Object.keys(ASKED_COLUMNS).map((column) => sql.ref(column)));
  const { numAffectedRows } = await sql`
    insert into letters (${columns}) select * from ${tableOf('l', rows, ASKED_COLUMNS)}
    on conflict (subscriber_id, letter, anchor) do nothing`.execute(trx);
  return Number(numAffectedRows);
}

const ASKED_COLUMNS: { [column in keyof LetterAsked | 'asked_at']: string } = {
  subscriber_id: 'bigint',
  publication_id: 'int',
  trial_id: 'bigint',
  letter: 'text',
  anchor: 'text',
  due_at: 'timestamptz',
  detail: 'jsonb',
  address: 'text',
  asked_at: 'timestamptz',
};

/** Whether a letter of this name waits to be claimed, for whatever reader of a publication. */
export async function isLetterWaiting(
  db: Db,
  { letter, publication_id }: { letter: LetterName; publication_id: number },
): Promise<boolean> {
  const found = await db
    .selectFrom('letters')
    .select('id')
    .where('publication_id', '=', publication_id)
    .where('letter', '=', letter)
    .where('claimed_at', 'is', null)
    .where('dropped_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** The letters of this name that the reader has been, or is about to be, sent after `since`, on whatever occasion; the oldest first. */
export function listAskedSince(
  db: Db,
  { subscriber_id, letter }: { subscriber_id: number; letter: LetterName },
  since: Instant,
): Promise<Letter[]> {
  return db
    .selectFrom('letters')
    .selectAll()
    .where('subscriber_id', '=', subscriber_id)
    .where('letter', '=', letter)
    .where('asked_at', '>', since)
    .where('dropped_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** What is claimed when. `may_come`: whether a letter of the clock may come now to the reader of the letter `l`. */
export type Claiming = { now: Instant; limit: number; may_come?: RawBuilder<boolean> };

const ANY_TIME = sql<boolean>`true`;

/**
 * Claims up to `limit` letters that are due, answers to readers first, then by when they were due. Of the clock's
 * letters one reader gets at most one on a local date, the weightiest, and only where `may_come` says so; the others wait.
 * One claimer at a time: whoever calls inside a transaction keeps others waiting until it ends.
 */
export function claimDueLetters(db: Db, claiming: Claiming): Promise<Letter[]> {
  const { now } = claiming;
  return inTransaction(db, async (trx) => {
    await lockInTransaction(trx, 'claim letters');
    const claimed = await trx
      .updateTable('letters')
      .set({ claimed_at: now })
      .where('id', 'in', dueLetters(trx, claiming))
      .returningAll()
      .execute();
    return claimed.sort((a, b) => Temporal.Instant.compare(a.due_at, b.due_at) || a.id - b.id);
  });
}

/** The ids of letters that may be claimed. A day is the publication's: its zone decides when a date ends. */
function dueLetters(db: Db, { now, limit, may_come = ANY_TIME }: Claiming) {
  const weight = sql<number>`array_position(${sql.val(CLOCK_LETTERS)}::text[], l.letter)`;
  return db
    .selectFrom((eb) =>
      eb
        .selectFrom('letters as l')
        .innerJoin('publications as p', 'p.id', 'l.publication_id')
        .select(['l.id', 'l.due_at', weight.as('weight')])
        .select(
          sql<number>`row_number() over (partition by l.subscriber_id, ${weight} is null
            order by ${weight}, l.due_at desc, l.id desc)`.as('turn'),
        )
        .where('l.claimed_at', 'is', null)
        .where('l.dropped_at', 'is', null)
        .where('l.due_at', '<=', now)
        .where(sql<boolean>`(${weight} is null or not exists (
          select from letters c where c.subscriber_id = l.subscriber_id and c.dropped_at is null
            and c.letter = any(${sql.val(CLOCK_LETTERS)}::text[])
            and (c.claimed_at at time zone p.zone)::date = (${now}::timestamptz at time zone p.zone)::date))`)
        .where(sql<boolean>`(${weight} is null or ${may_come})`)
        .as('due'),
    )
    .select('due.id')
    .where((eb) => eb.or([eb('due.weight', 'is', null), eb('due.turn', '=', 1)]))
    .orderBy(sql`due.weight is not null`)
    .orderBy('due.due_at')
    .orderBy('due.id')
    .limit(limit);
}

/** The letters with these ids. */
export function listLetters(db: Db, ids: readonly number[]): Promise<Letter[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db.selectFrom('letters').selectAll().where('id', 'in', ids).orderBy('id').execute();
}

/** Every letter asked for about a reader's trial, whatever became of it; the oldest first. */
export function listLettersOfTrial(
  db: Db,
  { id, subscriber_id }: { id: number; subscriber_id: number },
): Promise<Letter[]> {
  return db
    .selectFrom('letters')
    .selectAll()
    .where('subscriber_id', '=', subscriber_id)
    .where('trial_id', '=', id)
    .orderBy('id')
    .execute();
}

/** Puts every letter to a reader aside that has not been handed over, with the reason. */
export async function dropLettersOf(
  trx: Db,
  subscriberId: number,
  reason: string,
  { now }: { now: Instant },
): Promise<void> {
  await putAside(trx, reason, now).where('subscriber_id', '=', subscriberId).execute();
}

/** Puts a letter aside with the reason; it will not be claimed again, and its occasion is used up. */
export async function dropLetter(
  trx: Db,
  letterId: number,
  reason: string,
  { now }: { now: Instant },
): Promise<void> {
  await putAside(trx, reason, now).where('id', '=', letterId).execute();
}

const putAside = (trx: Db, reason: string, now: Instant) =>
  trx.updateTable('letters').set({ dropped_at: now, drop_reason: reason }).where('dropped_at', 'is', null);

/** Takes the sealed secret out of a letter that nobody will write again. */
export async function forgetSecret(trx: Db, letterId: number): Promise<void> {
  await trx
    .updateTable('letters')
    .set({ detail: sql<string>`detail - 'sealed'` })
    .where('id', '=', letterId)
    .where(sql<boolean>`detail ? 'sealed'`)
    .execute();
}
