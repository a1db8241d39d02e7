import { requireReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { pauseRun, resumeRun } from '../deliveries/ledger/run.ts';
import { type Tally, tallyEdition } from '../deliveries/ledger/tally.ts';
import { listCorrections } from '../editions/corrections/correction.ts';
import type { Editor } from '../editions/desk/edit.ts';
import { type Edition, lockEdition, moveEdition, requireEdition } from '../editions/edition.ts';
import { conflict } from '../errors.ts';
import type { Enqueue } from '../work/job.ts';

/** Who stops the presses, or lets them go on, and why. */
export type Stopping = { by: Editor; now: Temporal.Instant; reason: string };

/**
 * Stops the presses: what is being handed over at this moment ends, nobody else is begun with. Returns how many have it
 * and how many are left. Throws `conflict` for an edition that is not going out, `invalid` without a reason.
 */
export function stopPress(db: Db, id: number, stopping: Stopping): Promise<Tally> {
  return turn(db, id, stopping, {
    verb: 'stop the presses',
    from: 'pressing',
    to: 'stopped',
    act: (trx, { run_id }) =>
      pauseRun(trx, run_id, {
        now: stopping.now,
        reason: `stopped by ${stopping.by.name}: ${stopping.reason}`,
      }),
  });
}

/**
 * Lets stopped presses go on, with the same mail, to those who have not had it. Throws `conflict` for an edition that is
 * not stopped, was withdrawn, or has nobody left, `invalid` without a reason.
 */
export function resumePress(
  db: Db,
  id: number,
  { enqueue, ...stopping }: Stopping & { enqueue: Enqueue },
): Promise<Tally> {
  return turn(db, id, stopping, {
    verb: 'let the presses go on',
    from: 'stopped',
    to: 'pressing',
    act: async (trx, { run_id, waiting, closed_at }, edition) => {
      if (await isHarmful(trx, edition.id))
        throw conflict('harm was done by it, as its corrections say; replace what is left instead');
      if (edition.withdrawn_at) throw conflict(`the edition of ${edition.edition_on} was withdrawn`);
      if (closed_at || waiting === 0) throw conflict('nobody is left to send it to');
      await resumeRun(trx, run_id, { now: stopping.now });
      await enqueue(trx, 'send-batch', { run_id });
    },
  });
}

/** Whether those who got an edition are to be told of a harm: the others must not get the same. */
async function isHarmful(trx: Db, editionId: number): Promise<boolean> {
  return (await listCorrections(trx, [editionId])).some(({ severity }) => severity === 'harm');
}

type Turn = {
  verb: string;
  from: 'pressing' | 'stopped';
  to: 'pressing' | 'stopped';
  act: (trx: Db, tally: Tally, edition: Edition) => Promise<unknown>;
};

async function turn(
  db: Db,
  id: number,
  { by, now, reason }: Stopping,
  { verb, from, to, act }: Turn,
): Promise<Tally> {
  const why = requireReason(reason, `to ${verb}`);
  return inTransaction(db, async (trx) => {
    const edition = (await lockEdition(trx, id)) ?? (await requireEdition(trx, id));
    if (edition.state !== from)
      throw conflict(
        `the edition of ${edition.edition_on} is ${edition.state}; expected one that is ${from}`,
      );
    const tally = (await tallyEdition(trx, id)) as Tally; // what is pressing has a run
    await act(trx, tally, edition);
    await moveEdition(trx, id, { from: [from], to, now, actor: by.name, reason: why });
    await recordAudit(trx, { actor: by.name, verb, subject: `edition ${id}`, reason: why }, { now });
    return (await tallyEdition(trx, id)) as Tally;
  });
}
