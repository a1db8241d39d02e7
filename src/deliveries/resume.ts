import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { invalid } from '../errors.ts';
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
    await requireRun(trx, id);
    const resumed = await resumeRun(trx, id, { now });
    if (resumed) await enqueue(trx, 'send-batch', { run_id: id });
    return { run_id: id, resumed };
  });
}
