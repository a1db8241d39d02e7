import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, notFound, PresstimeError } from '../../errors.ts';
import { type Edition, type EditionState, lockEdition, moveEdition } from '../edition.ts';
import { voidApproval } from './approval.ts';
import {
  columnsOf,
  type EditionRow,
  type Field,
  heldIn,
  type ItemRow,
  isOfEdition,
  type Setting,
} from './field.ts';
import { keepRevision } from './keep-revision.ts';

/** Who edits: one of the staff, or with no id the program itself. */
export type Editor = { staff_id: number | null; name: string };

/**
 * A new value for a field of the edition (`item_id` null) or of an item. Where it matters what it takes the place of:
 * `base_rev` is the revision it was typed over, `over` the value.
 */
export type Change = Setting & { item_id: number | null; base_rev?: number | undefined; over?: unknown };

/** One edit: its changes stand or fall together, and are undone together. */
export type Editing = {
  verb: string;
  changes: Change[];
  by: Editor;
  now: Instant;
  reason?: string | undefined;
  undoes?: number | undefined;
};

/** A field that somebody else has changed since: what it was, what it is now and whose that is, and what was typed. */
export type Clash = {
  item_id: number | null;
  field: Field;
  base: unknown;
  theirs: unknown;
  by: string;
  mine: unknown;
  rev: number;
};

/** Nothing was changed: some fields are no longer what they were typed over. */
export class StaleEdit extends PresstimeError {
  readonly clashes: Clash[];

  constructor(clashes: Clash[]) {
    const [first] = clashes as [Clash];
    super('conflict', `${first.by} has changed the ${first.field.replaceAll('_', ' ')} meanwhile`);
    this.name = 'StaleEdit';
    this.clashes = clashes;
  }
}

/** States in which an edition may be changed; a stopped one for those who have not had it. */
const EDITABLE: EditionState[] = ['gathering', 'draft', 'in_review', 'approved', 'held', 'stopped'];
/** Content stands still so long before press, unless the edition stands still itself (DESK §2). */
const FREEZE = { minutes: 2 };

/**
 * The one way an edition is changed. All changes of an edit are made, or none: where a field has been changed since the
 * revision it was typed over, `StaleEdit` tells both texts. An approval is voided by it, and a revision of this minute kept.
 * Returns the id of the edit, undefined where everything stood so already. Throws `not_found`, and `conflict` for an edition that can no longer be changed.
 */
export function edit(db: Db, editionId: number, editing: Editing): Promise<number | undefined> {
  return inTransaction(db, async (trx) => {
    const edition = await requireEditable(trx, editionId, editing);
    const standing = await Promise.all(editing.changes.map((change) => look(trx, edition, change)));
    const clashes = standing.flatMap((one) => clashOf(one));
    if (clashes.length > 0) throw new StaleEdit(await withBases(trx, editionId, clashes));
    const real = standing.filter(({ before, change }) => !isDeepStrictEqual(before, change.value));
    if (real.length === 0) return undefined;
    const id = await writeEdit(trx, edition, editing);
    for (const one of real) await writeChange(trx, edition, id, one, editing);
    if (edition.state === 'approved') await unapprove(trx, edition, editing);
    await keepRevision(trx, editionId, editing);
    return id;
  });
}

/** Holds the edition's row, if it may be changed now. */
export async function requireEditable(
  trx: Db,
  editionId: number,
  { now }: { now: Instant },
): Promise<Edition> {
  const edition = await lockEdition(trx, editionId);
  if (!edition) throw notFound(`no edition with id ${editionId}`);
  if (!EDITABLE.includes(edition.state))
    throw conflict(`the edition of ${edition.edition_on} is ${edition.state} and can no longer be changed`);
  const freezes = edition.press_at.subtract(FREEZE);
  const isStill = edition.state === 'held' || edition.state === 'stopped';
  if (!isStill && Temporal.Instant.compare(now, freezes) >= 0)
    throw conflict(
      `the edition of ${edition.edition_on} stands still since ${freezes}, two minutes before press; hold it to change it`,
    );
  return edition;
}

type Standing = { change: Change; row: EditionRow | ItemRow; before: unknown; rev: number; by: string };

async function look(trx: Db, edition: Edition, change: Change): Promise<Standing> {
  const row = isOfEdition(change.field) ? edition : await requireItem(trx, edition.id, change.item_id);
  const last = await trx
    .selectFrom('edition_changes as c')
    .innerJoin('edition_edits as e', 'e.id', 'c.edit_id')
    .select(['c.rev', 'e.actor'])
    .where('c.edition_id', '=', edition.id)
    .where(sql<boolean>`c.item_id is not distinct from ${change.item_id}`)
    .where('c.field', '=', change.field)
    .orderBy('c.rev', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { change, row, before: heldIn(row, change.field), rev: last?.rev ?? 0, by: last?.actor ?? 'auto' };
}

/** The item with this id in the edition; throws `not_found`. */
export async function requireItem(trx: Db, editionId: number, itemId: number | null): Promise<ItemRow> {
  const found = await trx
    .selectFrom('edition_items')
    .selectAll()
    .where('edition_id', '=', editionId)
    .where('id', '=', itemId)
    .executeTakeFirst();
  if (found) return found;
  throw notFound(`no item ${itemId} in edition ${editionId}`);
}

/** The same words typed by two are no clash. */
function clashOf({ change, before, rev, by }: Standing): Omit<Clash, 'base'>[] {
  const { item_id, field, base_rev = rev, over = before, value } = change;
  if ((base_rev === rev && isDeepStrictEqual(over, before)) || isDeepStrictEqual(before, value)) return [];
  return [{ item_id, field, theirs: before, by, mine: value, rev }];
}

async function withBases(trx: Db, editionId: number, clashes: Omit<Clash, 'base'>[]): Promise<Clash[]> {
  const based = clashes.map(async (clash) => {
    const found = await trx
      .selectFrom('edition_changes')
      .select('before')
      .where('edition_id', '=', editionId)
      .where(sql<boolean>`item_id is not distinct from ${clash.item_id}`)
      .where('field', '=', clash.field)
      .where('rev', '=', clash.rev)
      .executeTakeFirst();
    return { ...clash, base: found?.before ?? null };
  });
  return Promise.all(based);
}

async function writeEdit(
  trx: Db,
  { id }: Edition,
  { verb, by, now, reason, undoes }: Editing,
): Promise<number> {
  const row = await trx
    .insertInto('edition_edits')
    .values({
      edition_id: id,
      at: now,
      staff_id: by.staff_id,
      actor: by.name,
      verb,
      reason: reason ?? null,
      undoes: undoes ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function writeChange(
  trx: Db,
  edition: Edition,
  edit_id: number,
  { change, before, rev }: Standing,
  { now }: Editing,
): Promise<void> {
  const { item_id, field, value } = change;
  await trx
    .insertInto('edition_changes')
    .values({
      edit_id,
      edition_id: edition.id,
      item_id,
      field,
      rev: rev + 1,
      before: JSON.stringify(before),
      after: JSON.stringify(value),
    })
    .execute();
  const columns = columnsOf(change, now);
  if (isOfEdition(field))
    await trx.updateTable('editions').set(columns).where('id', '=', edition.id).execute();
  else
    await trx
      .updateTable('edition_items')
      .set(columns)
      .where('id', '=', item_id as number)
      .execute();
}

async function unapprove(trx: Db, { id }: Edition, { by, verb, now }: Editing): Promise<void> {
  const reason = `${by.name}: ${verb}`;
  await voidApproval(trx, id, { now, reason });
  await moveEdition(trx, id, { from: ['approved'], to: 'in_review', now, actor: by.name, reason });
}
