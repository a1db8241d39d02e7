import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import type { EditionModel } from '../model.ts';

/** One approval: of exactly this content, made up by this version of the templates, for this audience. */
export type Approval = Omit<Selectable<Schema['approvals']>, 'model'> & { model: EditionModel };

/** The approval that an edition stands under. */
export async function findApproval(db: Db, editionId: number): Promise<Approval | undefined> {
  const found = await db
    .selectFrom('approvals')
    .selectAll()
    .where('edition_id', '=', editionId)
    .where('voided_at', 'is', null)
    .executeTakeFirst();
  return found as Approval | undefined;
}

/** Writes an approval down. */
export async function insertApproval(trx: Db, values: Insertable<Schema['approvals']>): Promise<void> {
  await trx.insertInto('approvals').values(values).execute();
}

/** Takes the approval of an edition back; what was approved stays on record. */
export async function voidApproval(
  trx: Db,
  editionId: number,
  { now, reason }: { now: Instant; reason: string },
): Promise<void> {
  await trx
    .updateTable('approvals')
    .set({ voided_at: now, void_reason: reason })
    .where('edition_id', '=', editionId)
    .where('voided_at', 'is', null)
    .execute();
}
