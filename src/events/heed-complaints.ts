import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { pauseRun } from '../deliveries/ledger/run.ts';
import type { Gates } from '../deliveries/pacing/gate.ts';
import { pausedRunCall } from '../deliveries/staff/paused-run.ts';
import type { Staff } from '../deliveries/staff/staff.ts';

/**
 * Pauses the runs of which too many readers complain, and calls the staff. What came before a person let a run go on
 * is not held against it again.
 */
export async function heedComplaints(
  db: Db,
  { clock, gates, staff }: { clock: Clock; gates: Gates; staff: Staff },
): Promise<{ paused: number[] }> {
  const paused: number[] = [];
  for (const { run_id, ...counts } of await listComplaints(db)) {
    const reason = gates.tooManyComplaints(counts);
    const now = clock.now();
    if (reason === undefined || !(await pauseRun(db, run_id, { now, reason }))) continue;
    paused.push(run_id);
    const hint = 'see who was written to, and whether they asked for it';
    staff.call(pausedRunCall({ run_id, paused_at: now, reason, hint }));
  }
  return { paused };
}

/** The runs under way of which readers have complained since a person last let them go on, and how many were accepted. */
async function listComplaints(db: Db): Promise<{ run_id: number; complaints: number; accepted: number }[]> {
  const { rows } = await sql<{ run_id: number; complaints: number; accepted: number }>`
    select c.run_id, c.complaints,
      (select count(*) from outcomes o where o.run_id = c.run_id and o.status = 'accepted')::int as accepted
    from (
      select e.run_id, count(distinct e.seq)::int as complaints
      from runs r
      join events e on e.run_id = r.id and e.kind = 'complaint' and e.at > coalesce(r.resumed_at, '-infinity')
      where r.closed_at is null and r.paused_at is null
      group by e.run_id
    ) c
    order by c.run_id`.execute(db);
  return rows;
}
