import { requireReason } from '../../audit/reason.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict } from '../../errors.ts';
import {
  type Edition,
  type EditionState,
  isComposed,
  lockEdition,
  moveEdition,
  requireEdition,
} from '../edition.ts';
import { voidApproval } from './approval.ts';
import type { Editor } from './edit.ts';

/** Who moves an edition on, when, and why where a reason is wanted. */
export type Moving = { by: Editor; now: Instant; reason?: string };

/** States before the press. */
const BEFORE_PRESS: EditionState[] = ['planned', 'gathering', 'draft', 'in_review', 'approved'];

/** Hands a draft over to be approved. */
export const submitEdition = (db: Db, id: number, moving: Moving): Promise<Edition> =>
  move(db, id, { ...moving, from: ['draft'], to: 'in_review' });

/** Keeps an edition from going to press until an approver releases it. A reason is wanted. */
export const holdEdition = (db: Db, id: number, moving: Moving): Promise<Edition> =>
  move(db, id, {
    ...moving,
    reason: requireReason(moving.reason ?? '', 'to hold the edition'),
    from: BEFORE_PRESS,
    to: 'held',
  });

/** Lets a held edition go on; it has to be approved again, or its stories are still to be picked. A reason is wanted. */
export const releaseEdition = (db: Db, id: number, moving: Moving): Promise<Edition> =>
  move(db, id, {
    ...moving,
    reason: requireReason(moving.reason ?? '', 'to release the edition'),
    from: ['held'],
    to: (edition) => (isComposed(edition) ? 'in_review' : 'gathering'),
  });

/** Gives the edition of a day up: no reader is sent one, and no trial is spent. A reason is wanted. */
export const skipEdition = (db: Db, id: number, moving: Moving): Promise<Edition> =>
  move(db, id, {
    ...moving,
    reason: requireReason(moving.reason ?? '', 'to skip the edition'),
    from: [...BEFORE_PRESS, 'held'],
    to: 'skipped',
  });

function move(
  db: Db,
  id: number,
  {
    from,
    to: wanted,
    by,
    now,
    reason,
  }: Moving & { from: EditionState[]; to: EditionState | ((edition: Edition) => EditionState) },
): Promise<Edition> {
  return inTransaction(db, async (trx) => {
    const stood = (await lockEdition(trx, id)) ?? (await requireEdition(trx, id));
    if (!from.includes(stood.state))
      throw conflict(`the edition of ${stood.edition_on} is ${stood.state}; expected ${from.join(', ')}`);
    const to = typeof wanted === 'function' ? wanted(stood) : wanted;
    const why = reason === undefined ? {} : { reason };
    if (stood.state === 'approved')
      await voidApproval(trx, id, { now, reason: `${by.name}: ${reason ?? to}` });
    const moved = await moveEdition(trx, id, { from: [stood.state], to, now, actor: by.name, ...why });
    return moved as Edition; // the row is held
  });
}
