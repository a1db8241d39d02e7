import { type Selectable, sql, type Updateable } from 'kysely';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { conflict } from '../../errors.ts';
import type { Outcome } from './judge.ts';
import { appendOutcomes } from './outcome.ts';
import { isPresent } from './presence.ts';

/**
 * A batch in hand: a stretch of a run's audience, worked as one. `marked` holds those readers whom `marked_by`, not
 * always the holder before, left marked for handing over: unless its journal says otherwise they are in doubt.
 */
export type Lease = Pick<
  Selectable<Schema['batches']>,
  'run_id' | 'no' | 'lo' | 'hi' | 'fence' | 'stale_at' | 'marked' | 'marked_by'
> & {
  owner: string;
  /** When its run was last let go on: what it is made up from may have been replaced then. */
  resumed_at: Instant | null;
};

/** Who takes, when, for how long; what it has in hand already; whom it knows to be dead; and the least priority it looks for. */
export type Taking = {
  worker: string;
  now: Instant;
  lease_seconds: number;
  in_hand?: Iterable<Pick<Lease, 'run_id' | 'no'>>;
  dead?: readonly string[];
  least_priority?: number;
};

/**
 * Takes the next batch that is due, or that its holder left, letters before editions. A holder has left where it holds
 * no lock any more and its lease has run out, or it is known to be dead; our own are left where their lease ran out and we do not work them. A
 * paused run's batches wait until they are stale. `fence` counts the takings: whoever held it before can write nothing more.
 */
export async function leaseBatch(
  db: Db,
  { worker, now, lease_seconds, in_hand = [], dead = [], least_priority = 0 }: Taking,
): Promise<Lease | undefined> {
  const ours = [...in_hand];
  const isInHand = sql<boolean>`(b.run_id, b.no) in (select * from unnest(
    ${ours.map(({ run_id }) => run_id)}::bigint[], ${ours.map(({ no }) => no)}::int[]))`;
  const isGone = sql<boolean>`(b.owner = any(${dead}::text[]) or b.lease_until < ${now})
    and not ${isInHand} and (b.owner = ${worker} or not ${isPresent(sql.ref<string>('b.owner'))})`;
  const next = db
    .selectFrom('batches as b')
    .innerJoin('runs as r', 'r.id', 'b.run_id')
    .select(['b.run_id', 'b.no', 'r.resumed_at'])
    .where((eb) =>
      eb.or([
        eb.and([eb('b.state', '=', 'ready'), eb('b.due_at', '<=', now)]),
        eb.and([eb('b.state', '=', 'leased'), isGone]),
      ]),
    )
    .where((eb) => eb.or([eb('r.paused_at', 'is', null), eb('b.stale_at', '<=', now)]))
    .where('b.priority', '>=', least_priority)
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
    .returning([
      ...(['b.run_id', 'b.no', 'b.lo', 'b.hi', 'b.fence', 'b.stale_at', 'b.marked', 'b.marked_by'] as const),
      'next.resumed_at',
    ])
    .executeTakeFirst();
  return batch && { ...batch, owner: worker };
}

/** Whether a worker still holds a batch, or readers whom it marked are still to be settled by its journal. */
export async function holdsBatch(db: Db, worker: string): Promise<boolean> {
  const found = await db
    .selectFrom('batches')
    .select('no')
    .where((eb) => eb.or([eb('owner', '=', worker), eb('marked_by', '=', worker)]))
    .where('state', '=', 'leased')
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
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
 * One statement: notes which readers of the batch may be handed over from when this commits, instead of those noted
 * before, keeps the batch for longer, and appends `outcomes`. An outcome that stands there already is left: a commit whose
 * answer was lost is written again; a second final one for a reader is refused by the database. Returns whether the run
 * stands still, or did since the batch was taken, so that none of those marked may start. Throws `conflict`, and writes nothing, where another has taken the batch.
 */
export async function markReaders(
  trx: Db,
  lease: Lease,
  { marked, until, outcomes }: { marked: number[]; until: Instant; outcomes: Outcome[] },
): Promise<{ paused: boolean }> {
  const { run_id, no, owner, fence } = lease;
  const { rows } = await sql<{ paused: boolean }>`
    with held as (
      update batches set marked = ${marked}::int[], marked_by = ${owner}, lease_until = ${until}
      where run_id = ${run_id} and no = ${no} and owner = ${owner} and fence = ${fence} and state = 'leased'
      returning run_id
    )${outcomes.length > 0 ? sql`, appended as (${appendOutcomes({ run_id, worker: owner }, outcomes)})` : sql``}
    select r.paused_at is not null or r.resumed_at is distinct from ${lease.resumed_at} as paused from held join runs r on r.id = held.run_id`.execute(
    trx,
  );
  return rows[0] ?? lost(lease);
}

/** Gives a batch back, due again at `due_at`, or done for good (null). Throws `conflict` where another has taken it. */
export function returnBatch(trx: Db, lease: Lease, { due_at }: { due_at: Instant | null }): Promise<void> {
  const free = { owner: null, lease_until: null, marked: [], marked_by: null };
  return write(trx, lease, due_at ? { ...free, state: 'ready', due_at } : { ...free, state: 'done' });
}

/** A holder's write counts only while the fence is the one it was given. */
async function write(db: Db, lease: Lease, values: Updateable<Schema['batches']>): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('batches')
    .set(values)
    .where('run_id', '=', lease.run_id)
    .where('no', '=', lease.no)
    .where('owner', '=', lease.owner)
    .where('fence', '=', lease.fence)
    .where('state', '=', 'leased')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) lost(lease);
}

function lost({ run_id, no, owner, fence }: Lease): never {
  throw conflict(`batch ${no} of run ${run_id} is no longer ${owner}'s (fence ${fence}): its lease ran out`);
}
