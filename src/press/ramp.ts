import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { pausedRunCall } from '../deliveries/staff/paused-run.ts';
import type { Staff } from '../deliveries/staff/staff.ts';
import { requireEdition } from '../editions/edition.ts';
import type { Enqueue } from '../work/job.ts';
import { LOOK_SECONDS } from './freeze.ts';
import { stopPress } from './stop.ts';

/** What became of the first readers of an edition. */
export type Begun = { accepted: number; failed: number; unknown: number; complaints: number };

/** From so many on, and from so large a share, the first readers whom it does not reach are no accident. */
const LOST = { least: 5, percent: 10 };
const COMPLAINTS = 2;

/** Why the rest must not follow, by what became of the first; undefined where they may, or where nothing is known yet. */
export function whyNotFollow({ accepted, failed, unknown, complaints }: Begun): string | undefined {
  const lost = failed + unknown;
  const heard = accepted + lost;
  if (complaints >= COMPLAINTS) return `${complaints} of the first ${heard} readers complain of spam`;
  if (lost < LOST.least || lost * 100 < heard * LOST.percent) return undefined;
  return `${lost} of the first ${heard} readers were not reached`;
}

/**
 * Looks at what became of the first readers of an edition, before the rest are due. Where too many were not reached, or
 * complain, the presses are stopped and the staff called; else the rest are sent for. Returns why it was stopped.
 */
export async function checkRamp(
  db: Db,
  editionId: number,
  { clock, staff, enqueue }: { clock: Clock; staff: Pick<Staff, 'call'>; enqueue: Enqueue },
): Promise<{ stopped?: string }> {
  const { state } = await requireEdition(db, editionId);
  if (state !== 'pressing') return {};
  const { run_id, ...begun } = await readBegun(db, editionId);
  const reason = whyNotFollow(begun);
  if (reason === undefined) {
    await enqueue(db, 'send-batch', { run_id }, { after_seconds: LOOK_SECONDS });
    return {};
  }
  const now = clock.now();
  await stopPress(db, editionId, { by: { staff_id: null, name: 'auto' }, now, reason });
  const hint =
    'see at the desk what went and what did not, then let the presses go on or replace what is left';
  staff.call(pausedRunCall({ run_id, paused_at: now, reason, hint }));
  return { stopped: reason };
}

async function readBegun(db: Db, editionId: number): Promise<Begun & { run_id: number }> {
  const { rows } = await sql<Begun & { run_id: number }>`
    select r.id as run_id,
      count(*) filter (where o.status = 'accepted')::int as accepted,
      count(*) filter (where o.status = 'failed')::int as failed,
      count(*) filter (where o.status = 'unknown')::int as unknown,
      (select count(distinct e.seq)::int from events e where e.run_id = r.id and e.kind = 'complaint') as complaints
    from runs r left join outcomes o on o.run_id = r.id and o.final
    where r.edition_id = ${editionId} group by r.id`.execute(db);
  return rows[0] as Begun & { run_id: number }; // what is pressing has a run
}
