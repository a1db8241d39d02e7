import { setTimeout as wait } from 'node:timers/promises';
import { later } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { type Ended, handOut } from './hand-out.ts';
import { againWhenLost } from './ledger/again.ts';
import { isFinished, listOpenReaders, type Reader } from './ledger/audience.ts';
import { skipped } from './ledger/judge.ts';
import { keepLease, type Lease, leaseBatch, returnBatch } from './ledger/lease.ts';
import { countPresent } from './ledger/presence.ts';
import { openRunMail, type RunMail } from './mail/run-mail.ts';
import { type Counts, openRecord, type Record } from './record.ts';
import type { Sending } from './sending.ts';
import { settleDoubts } from './settle-doubts.ts';
import { createWindow, type Window } from './window.ts';

/** What one call did: of which batch, and how many outcomes of each kind it wrote. */
export type BatchReport = { work: boolean; run_id?: number; no?: number; written: Counts };

/** Which batches: all that are due, or only those that overtake editions. */
export type Which = { urgent?: boolean };

const LEASE_SECONDS = 30;
/** How long a batch rests whose mail did not reach the server, or not find a message to send. */
const REST = { minutes: 1 };
/** So many batches are in hand at once, so that the connections have work while one is begun or ended. */
const BATCHES_AT_ONCE = 3;
/** A hand that finds no batch looks again so often while another is at work. */
const LOOK_AGAIN_MS = 1000;
/** For so long the plates of a run are kept made up for its next batch. */
const KEPT_MS = 60_000;

/**
 * Works batches, as many at once as keep the connections busy, until none is due or this process is to stop. Another
 * hand is asked for with each batch that is taken, so that a look in vain is one statement.
 */
export async function sendBatches(
  db: Db,
  sending: Sending,
  which: Which = {},
): Promise<{ batches: number; written: Counts }> {
  const done = { batches: 0, written: {} as Counts };
  const open = keepOpen((run_id) => openRunMail(db, run_id, sending));
  const hands: Promise<void>[] = [];
  const failures: unknown[] = [];
  const addHand = () => hands.push(workOn().catch((error) => void failures.push(error)));
  let at_work = 0;
  let rest = Promise.withResolvers<void>();
  const workOn = async (): Promise<void> => {
    const window = createWindow({ batches: BATCHES_AT_ONCE });
    while (!sending.stop?.aborted) {
      const lease = await againWhenLost(() => takeBatch(db, sending, which));
      if (lease) {
        if (at_work++ === 0) rest = Promise.withResolvers();
        if (hands.length < BATCHES_AT_ONCE) addHand();
        const { written } = await workBatch(db, sending, { lease, window, open }).finally(() => {
          if (--at_work === 0) rest.resolve();
        });
        done.batches++;
        for (const [status, count] of Object.entries(written) as [keyof Counts, number][])
          done.written[status] = (done.written[status] ?? 0) + count;
      } else if (at_work > 0) {
        // an edition may be pressed while a server takes ten minutes over one answer
        await pauseUntil(rest.promise);
      } else return;
    }
  };
  addHand();
  for (const hand of hands) await hand;
  if (failures.length > 0) throw failures[0];
  return done;
}

/** Waits a little, at most until `done`. */
async function pauseUntil(done: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const pause = wait(LOOK_AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([done, pause]);
  stop.abort();
}

/** What a receiver or a relay bears is divided among the workers that live; they come and go while a run is under way. */
async function shareLimits(db: Db, { station, lane, gates, log }: Sending): Promise<void> {
  if (!station) return;
  try {
    const workers = await countPresent(db);
    for (const limits of [lane, gates]) limits.share(workers);
  } catch (error) {
    log.warn({ err: error }, 'cannot tell how many workers live: limits stay divided as they were');
  }
}

/** Works one batch that is due; `work` is false where there is none. */
export async function sendBatch(db: Db, sending: Sending): Promise<BatchReport> {
  const lease = await takeBatch(db, sending);
  if (!lease) return { work: false, written: {} };
  return workBatch(db, sending, {
    lease,
    window: createWindow({ batches: 1 }),
    open: ({ run_id }) => openRunMail(db, run_id, sending),
  });
}

function takeBatch(db: Db, sending: Sending, { urgent }: Which = {}): Promise<Lease | undefined> {
  const { clock, worker, in_hand, lease_seconds = LEASE_SECONDS } = sending;
  const { dead = [] } = sending.station ?? {};
  const now = clock.now();
  return leaseBatch(db, { worker, now, lease_seconds, in_hand, dead, least_priority: urgent ? 1 : 0 });
}

type Opening = Pick<Lease, 'run_id' | 'resumed_at'>;
type Working = { lease: Lease; window: Window; open(opening: Opening): Promise<RunMail> };

/**
 * Settles those in doubt from a holder who left, skips what is stale, hands the others over, and gives the batch back.
 * Only a final dot answered with 250 is acceptance. Throws `conflict` where the batch was taken meanwhile: what was
 * under way is then settled by whoever holds it.
 */
async function workBatch(db: Db, sending: Sending, { lease, window, open }: Working): Promise<BatchReport> {
  const { clock, lease_seconds = LEASE_SECONDS } = sending;
  sending.in_hand.add(lease);
  const kept = keepLease(db, lease, { clock, lease_seconds });
  try {
    await shareLimits(db, sending);
    const mail = await againWhenLost(() => open(lease));
    const record = openRecord(db, lease, mail, { ...sending, lease_seconds });
    await settleDoubts(db, lease, { record, mail, sending });
    const readers = await skipStale(
      await againWhenLost(() => listOpenReaders(db, lease, { now: clock.now() })),
      record,
      clock.now(),
    );
    const gate = sending.gates.of(lease.run_id);
    const ended = await handOut(db, readers, { mail, record, lease, window, gate, sending });
    await giveBack(db, lease, { now: clock.now(), rest: restAfter(ended) });
    return { work: true, run_id: lease.run_id, no: lease.no, written: record.counts };
  } finally {
    kept.stop();
    sending.in_hand.delete(lease);
  }
}

/**
 * `open`, keeping for a while what it opened: making up the plates of a run takes longer than a batch of it. A run that was
 * let go on since is opened anew.
 */
function keepOpen(open: (run_id: number) => Promise<RunMail>): (opening: Opening) => Promise<RunMail> {
  const kept = new Map<string, { mail: Promise<RunMail>; until: number }>();
  return ({ run_id, resumed_at }) => {
    const key = `${run_id} ${resumed_at}`;
    const known = kept.get(key);
    if (known && performance.now() < known.until) return known.mail;
    const mail = open(run_id);
    kept.set(key, { mail, until: performance.now() + KEPT_MS });
    mail.catch(() => kept.delete(key));
    return mail;
  };
}

/** Skips those for whom it is too late, and returns those whose turn is now. */
async function skipStale(readers: Reader[], record: Record, now: Instant): Promise<Reader[]> {
  const stale = readers.filter(({ is_stale }) => is_stale);
  if (stale.length > 0)
    await record.commit({
      written: stale.map((reader) => ({ reader, outcome: skipped(reader, 'stale', now) })),
      marked: [],
    });
  return readers.filter(({ is_stale, is_due }) => is_due && !is_stale);
}

function restAfter(ended: Ended): Temporal.DurationLike | undefined {
  if (ended === 'out of reach') return REST;
  return typeof ended === 'object' ? { milliseconds: Math.ceil(ended.rest_ms) } : undefined;
}

/** Done where every reader has a last word; else due again when the first of the others is. */
async function giveBack(
  db: Db,
  lease: Lease,
  { now, rest }: { now: Instant; rest: Temporal.DurationLike | undefined },
): Promise<void> {
  const finished = await againWhenLost(() => isFinished(db, lease));
  const open = finished ? [] : await againWhenLost(() => listOpenReaders(db, lease, { now }));
  const turns = open.map(({ retry_at, due_at }) => retry_at ?? due_at);
  const first = turns.sort(Temporal.Instant.compare)[0];
  const due_at = first ? later(first, rest ? now.add(rest) : first) : null;
  await againWhenLost(() => returnBatch(db, lease, { due_at }));
}
