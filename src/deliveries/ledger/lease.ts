import { type Selectable, sql, type Updateable } from 'kysely';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { conflict } from '../../errors.ts';

/** A batch in hand: a stretch of a run's audience, worked as one. `marked` holds those readers whom the holder before left marked for handing over: they are in doubt. */
export type Lease = Pick<
  Selectable<Schema['batches']>,
  'run_id' | 'no' | 'lo' | 'hi' | 'fence' | 'stale_at' | 'marked'
> & {
  owner: string;
};

/**
 * Takes the next batch that is due, or whose holder let the lease run out, letters before editions. A paused run's
 * batches wait until they are stale. `fence` counts the takings: whoever held it before can write nothing more.
 */
export async function leaseBatch(
  db: Db,
  { worker, now, lease_seconds }: { worker: string; now: Instant; lease_seconds: number },
): Promise<Lease | undefined> {
  const next = db
    .selectFrom('batches as b')
    .innerJoin('runs as r', 'r.id', 'b.run_id')
    .select(['b.run_id', 'b.no'])
    .where((eb) =>
      eb.or([
        eb.and([eb('b.state', '=', 'ready'), eb('b.due_at', '<=', now)]),
        eb.and([eb('b.state', '=', 'leased'), eb('b.lease_until', '<', now)]),
      ]),
    )
    .where((eb) => eb.or([eb('r.paused_at', 'is', null), eb('b.stale_at', '<=', now)]))
    .orderBy('b.priority', 'desc')
    .orderBy('b.due_at')
    .orderBy('b.run_id')
    .orderBy('b.no')
    .limit(1)
    .forUpdate('b')
    .skipLocked();
  const batch = await db
    .with(
      (cte) => cte('next').materialized(),
      () => next,
    )
    .updateTable('batches as b')
    .from('next')
    .set({
      state: 'leased',
      owner: worker,
      lease_until: now.add({ seconds: lease_seconds }),
      fence: sql<number>`b.fence + 1`,
    })
    .whereRef('b.run_id', '=', 'next.run_id')
    .whereRef('b.no', '=', 'next.no')
    .returning(['b.run_id', 'b.no', 'b.lo', 'b.hi', 'b.fence', 'b.stale_at', 'b.marked'])
    .executeTakeFirst();
  return batch && { ...batch, owner: worker };
}

/** Keeps a batch for longer. Throws `conflict` where another has taken it. */
function renewLease(db: Db, lease: Lease, { until }: { until: Instant }): Promise<void> {
  return write(db, lease, { lease_until: until });
}

/**
 * Keeps a batch while this process lives: a server may take ten minutes over one answer. A renewal that fails is left
 * to the next; what is written meanwhile is refused if the batch was lost.
 */
export function keepLease(
  db: Db,
  lease: Lease,
  { clock, lease_seconds }: { clock: Clock; lease_seconds: number },
): { stop(): void } {
  const renew = () =>
    renewLease(db, lease, { until: clock.now().add({ seconds: lease_seconds }) }).catch(() => undefined);
  const timer = setInterval(renew, (lease_seconds * 1000) / 3);
  return { stop: () => clearInterval(timer) };
}

/**
 * Notes which readers of the batch may be handed over from when this commits, instead of those noted before, and keeps
 * the batch for longer. Throws `conflict` where another has taken it.
 */
export function markReaders(
  trx: Db,
  lease: Lease,
  { marked, until }: { marked: number[]; until: Instant },
): Promise<void> {
  return write(trx, lease, { marked, lease_until: until });
}

/** Gives a batch back, due again at `due_at`, or done for good (null). Throws `conflict` where another has taken it. */
export function returnBatch(trx: Db, lease: Lease, { due_at }: { due_at: Instant | null }): Promise<void> {
  const free = { owner: null, lease_until: null, marked: [] };
  return write(trx, lease, due_at ? { ...free, state: 'ready', due_at } : { ...free, state: 'done' });
}

/** Every write of a holder goes through here: it counts only while the fence is the one it was given. */
async function write(
  db: Db,
  { run_id, no, owner, fence }: Lease,
  values: Updateable<Schema['batches']>,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('batches')
    .set(values)
    .where('run_id', '=', run_id)
    .where('no', '=', no)
    .where('owner', '=', owner)
    .where('fence', '=', fence)
    .where('state', '=', 'leased')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n)
    throw conflict(
      `batch ${no} of run ${run_id} is no longer ${owner}'s (fence ${fence}): its lease ran out`,
    );
}
