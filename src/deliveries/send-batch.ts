import { later } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { handOut } from './hand-out.ts';
import { againWhenLost } from './ledger/again.ts';
import { listOpenReaders, type Reader } from './ledger/audience.ts';
import { inDoubt, skipped } from './ledger/judge.ts';
import { keepLease, type Lease, leaseBatch, returnBatch } from './ledger/lease.ts';
import { openRunMail } from './mail/run-mail.ts';
import { type Counts, openRecord, type Record } from './record.ts';
import type { Sending } from './sending.ts';

/** What one call did: of which batch, and how many outcomes of each kind it wrote. */
export type BatchReport = { work: boolean; run_id?: number; no?: number; written: Counts };

const LEASE_SECONDS = 30;
/** How long a batch rests whose mail did not reach the server, or not find a message to send. */
const REST = { minutes: 1 };

/**
 * Works one batch that is due: settles those in doubt from a holder who died, skips what is stale, hands the others
 * over, and gives the batch back. Only a final dot answered with 250 is acceptance. Throws `conflict` where the batch
 * was taken meanwhile: what was under way is then settled by whoever holds it.
 */
export async function sendBatch(db: Db, sending: Sending): Promise<BatchReport> {
  const { clock, worker, lease_seconds = LEASE_SECONDS } = sending;
  const lease = await leaseBatch(db, { worker, now: clock.now(), lease_seconds });
  if (!lease) return { work: false, written: {} };
  const kept = keepLease(db, lease, { clock, lease_seconds });
  try {
    const mail = await againWhenLost(() => openRunMail(db, lease.run_id, sending));
    const record = openRecord(db, lease, mail, { ...sending, lease_seconds });
    await settleDoubts(db, lease, record, { now: clock.now(), doubtful_policy: mail.doubtful_policy });
    const readers = await skipStale(
      await againWhenLost(() => listOpenReaders(db, lease)),
      record,
      clock.now(),
    );
    const ended = await handOut(db, readers, { mail, record, lease, sending });
    await giveBack(db, lease, { now: clock.now(), rest: ended === 'out of reach' });
    return { work: true, run_id: lease.run_id, no: lease.no, written: record.counts };
  } finally {
    kept.stop();
  }
}

/** Works batches until none is due, or this process is to stop. `out of reach` ones rest, so this ends. */
export async function sendBatches(db: Db, sending: Sending): Promise<{ batches: number; written: Counts }> {
  const written: Counts = {};
  for (let batches = 0; ; batches++) {
    if (sending.stop?.aborted) return { batches, written };
    const report = await sendBatch(db, sending);
    if (!report.work) return { batches, written };
    for (const [status, count] of Object.entries(report.written) as [keyof Counts, number][])
      written[status] = (written[status] ?? 0) + count;
  }
}

/** Those whom a dead holder left marked may have got their message: the publication's policy decides. */
async function settleDoubts(
  db: Db,
  lease: Lease,
  record: Record,
  { now, doubtful_policy }: { now: Instant; doubtful_policy: 'resend_once' | 'hold' | 'never' },
): Promise<void> {
  if (lease.marked.length === 0) return;
  const readers = (await againWhenLost(() => listOpenReaders(db, lease))).filter(({ seq }) =>
    lease.marked.includes(seq),
  );
  const why = 'the worker stopped while this reader was marked for handing over';
  await record.commit({
    written: readers.map((reader) => ({
      reader,
      outcome: inDoubt(reader, why, { at: now, doubtful_policy }),
    })),
    marked: [],
  });
}

/** Skips those for whom it is too late, and returns those whose turn is now. */
async function skipStale(readers: Reader[], record: Record, now: Instant): Promise<Reader[]> {
  const by = (at: Instant | null) => at === null || Temporal.Instant.compare(at, now) <= 0;
  const [stale, fresh] = [
    readers.filter((one) => by(one.stale_at)),
    readers.filter((one) => !by(one.stale_at)),
  ];
  if (stale.length > 0)
    await record.commit({
      written: stale.map((reader) => ({ reader, outcome: skipped(reader, 'stale', now) })),
      marked: [],
    });
  return fresh.filter((reader) => by(reader.due_at) && by(reader.retry_at));
}

/** Done where every reader has a last word; else due again when the first of the others is. */
async function giveBack(db: Db, lease: Lease, { now, rest }: { now: Instant; rest: boolean }): Promise<void> {
  const open = await againWhenLost(() => listOpenReaders(db, lease));
  const turns = open.map(({ retry_at, due_at }) => retry_at ?? due_at);
  const first = turns.sort(Temporal.Instant.compare)[0];
  const due_at = first ? later(first, rest ? now.add(REST) : first) : null;
  await againWhenLost(() => returnBatch(db, lease, { due_at }));
}
