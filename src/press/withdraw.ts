import { requireReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import type { Staff } from '../deliveries/staff/staff.ts';
import { markWithdrawn, requireEdition, WITHDRAWABLE } from '../editions/edition.ts';
import { conflict } from '../errors.ts';
import { creditWithdrawn } from '../trials/course/credit-withdrawn.ts';

/** Who withdraws an edition, why, and who is called where a reader is owed one. */
export type Withdrawing = {
  now: Temporal.Instant;
  actor: string;
  reason: string;
  staff: Pick<Staff, 'call'>;
};

/**
 * Withdraws an edition that has gone out: it is in no archive any more, and every trial that counted it has it back. Where
 * that trial ended less than a week ago the staff are called, who may take it up again. Again: goes on where it broke off.
 * Throws `conflict` for one that has not gone out, or is still going, and `invalid` without a reason.
 */
export async function withdrawEdition(
  db: Db,
  editionId: number,
  { now, actor, reason, staff }: Withdrawing,
): Promise<{ credited: number; owed: number }> {
  const why = requireReason(reason, 'to withdraw an edition');
  const { state, edition_on } = await requireEdition(db, editionId);
  if (!WITHDRAWABLE.includes(state))
    throw conflict(`the edition of ${edition_on} is ${state}; expected one that has gone out to withdraw it`);
  await db.transaction().execute(async (trx) => {
    if (!(await markWithdrawn(trx, editionId, { now, reason: why }))) return;
    const act = { actor, verb: 'withdraw an edition', subject: `edition ${editionId}`, reason: why };
    await recordAudit(trx, act, { now });
  });
  const { credited, owed } = await creditWithdrawn(db, editionId, { now, reason: 'withdrawn' });
  for (const { id, version } of owed)
    staff.call({
      occasion: `owed trial ${id} v${version}`,
      text: `trial ${id} ended and is owed an edition that was withdrawn`,
      reason: `the edition of ${edition_on} was withdrawn: ${why}`,
      hint: 'presstime trial <address> reopen 0 --reason "…" sends what it is owed',
    });
  return { credited, owed: owed.length };
}
