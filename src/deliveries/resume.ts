import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { requireEdition } from '../editions/edition.ts';
import { conflict, invalid } from '../errors.ts';
import type { Enqueue } from '../work/job.ts';
import { requireRun, resumeRun } from './ledger/run.ts';

/**
 * Lets a run go on that was paused, and asks for its sending. `run_id` as a person gives it. Returns whether it had
 * been paused; throws `invalid` for what is no number, `not_found` for an unknown run.
 */
export async function resumeSending(
  db: Db,
  run_id: unknown,
  { now, enqueue }: { now: Instant; enqueue: Enqueue },
): Promise<{ run_id: number; resumed: boolean }> {
  const id = Number(run_id);
  if (!Number.isSafeInteger(id) || id < 1)
    throw invalid(
      `run_id ${JSON.stringify(run_id ?? null)} is no run; expected a number, as doctor names it`,
    );
  return db.transaction().execute(async (trx) => {
    const { edition_id } = await requireRun(trx, id);
    if (edition_id !== null && (await requireEdition(trx, edition_id)).state === 'stopped')
      throw conflict(`run ${id} is of an edition that was stopped; let the presses go on at the desk`);
    const resumed = await resumeRun(trx, id, { now });
    if (resumed) await enqueue(trx, 'send-batch', { run_id: id });
    return { run_id: id, resumed };
  });
}
