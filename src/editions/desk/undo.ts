import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict } from '../../errors.ts';
import { type Change, edit } from './edit.ts';
import type { Acting } from './verbs.ts';

/** So many edits can be undone, one after the other. */
const DEPTH = 200;

type Mine = { id: number; verb: string; undoes: number | null };

/** What an editor would undo, and redo, next. */
export type Stacks = { undo: Mine | undefined; redo: Mine | undefined };

/** The two stacks of an editor in an edition; they are in the database, and so survive a reload. */
export async function stacksOf(db: Db, editionId: number, staffId: number | null): Promise<Stacks> {
  const mine = await db
    .selectFrom('edition_edits')
    .select(['id', 'verb', 'undoes'])
    .where('edition_id', '=', editionId)
    .where(sql<boolean>`staff_id is not distinct from ${staffId}`)
    .orderBy('id', 'desc')
    .limit(DEPTH * 3)
    .execute();
  const undone = new Set(mine.flatMap(({ undoes }) => undoes ?? []));
  const done = mine.filter(({ id }) => !undone.has(id));
  const lastOwn = mine.find(({ undoes }) => undoes === null)?.id ?? 0;
  const edits = new Map(mine.map((one) => [one.id, one]));
  return {
    undo: done.filter((one) => isForward(one, edits)).slice(0, DEPTH)[0],
    redo: done.find((one) => one.id > lastOwn && !isForward(one, edits)),
  };
}

/** An edit goes forward, and so does the undoing of an undoing. */
function isForward({ undoes }: Mine, edits: Map<number, Mine>): boolean {
  const undone = undoes === null ? undefined : edits.get(undoes);
  return undoes === null || (undone !== undefined && !isForward(undone, edits));
}

/**
 * Undoes the last edit of this editor that is not undone yet. Throws `conflict` where there is none, and where somebody
 * else has changed the same since: then it stands.
 */
export const undo = (db: Db, editionId: number, acting: Acting): Promise<string> =>
  takeFrom('undo', db, editionId, acting);

/** Does again what was undone last, as long as nothing else was done since. Throws as `undo`. */
export const redo = (db: Db, editionId: number, acting: Acting): Promise<string> =>
  takeFrom('redo', db, editionId, acting);

function takeFrom(stack: keyof Stacks, db: Db, editionId: number, acting: Acting): Promise<string> {
  return inTransaction(db, async (trx) => {
    const target = (await stacksOf(trx, editionId, acting.by.staff_id))[stack];
    if (!target) throw conflict(`you have nothing to ${stack} in this edition`);
    const changes = await trx
      .selectFrom('edition_changes')
      .selectAll()
      .where('edit_id', '=', target.id)
      .execute();
    const back = changes.map(
      ({ item_id, field, before, after }) => ({ item_id, field, value: before, over: after }) as Change,
    );
    const verb = stack === 'undo' ? `undo: ${target.verb}` : `redo: ${target.verb.replace(/^(undo: )+/, '')}`;
    await edit(trx, editionId, { verb, changes: back, undoes: target.id, ...acting });
    return verb;
  });
}
