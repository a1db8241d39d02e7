import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import type { OutgoingMail } from './lanes/lane.ts';
import { isRecipient } from './lanes/recipient.ts';
import type { Verdict } from './lanes/verdict.ts';
import { againWhenLost } from './ledger/again.ts';
import type { Reader } from './ledger/audience.ts';
import { judge, skipped } from './ledger/judge.ts';
import type { Lease } from './ledger/lease.ts';
import { isPaused, pauseRun } from './ledger/run.ts';
import type { Prepared, RunMail } from './mail/run-mail.ts';
import type { Record, Written } from './record.ts';
import type { Sending } from './sending.ts';

/** Why no more readers were handed over: all were, the run or this process stopped, or nothing gets through. */
export type Ended = 'all' | 'stopped' | 'out of reach';

type Work = { mail: RunMail; record: Record; lease: Lease; sending: Sending };
type Progress = {
  waiting: Reader[];
  underWay: Map<number, Promise<void>>;
  settled: Written[];
  unsent: number;
  ended: Ended;
};

/** So many messages in a row that never reached the server, and the batch waits. */
const MOST_UNSENT = 3;

/**
 * Hands readers over, as many at once as the lane has connections, those in doubt last. A reader is handed over only
 * after a mark that covers them has been committed, and only if the decision, read after that, is still to send: who
 * leaves before the mark commits gets nothing. At most two messages per connection are marked at any time.
 */
export async function handOut(db: Db, readers: Reader[], work: Work): Promise<Ended> {
  const { connections } = work.sending.lane;
  const progress: Progress = {
    waiting: readers.toSorted((a, b) => a.doubts - b.doubts),
    underWay: new Map(),
    settled: [],
    unsent: 0,
    ended: 'all',
  };
  const { waiting, underWay } = progress;
  try {
    while (waiting.length > 0 || underWay.size > 0 || progress.settled.length > 0) {
      if (work.sending.stop?.aborted) progress.ended = 'stopped';
      if (progress.ended !== 'all') waiting.length = 0;
      const next = waiting.splice(0, roomFor(waiting[0], connections) - underWay.size);
      const written = progress.settled.splice(0);
      await work.record.commit({ written, marked: [...underWay.keys(), ...next.map(({ seq }) => seq)] });
      if (next.length > 0) await startAll(db, next, progress, work);
      const enough = waiting.length > 0 ? Math.floor(roomFor(waiting[0], connections) / 2) : 0;
      while (underWay.size > enough) await Promise.race(underWay.values());
    }
    return progress.ended;
  } finally {
    await Promise.allSettled(underWay.values());
  }
}

/** Those in doubt once are marked no earlier than they start: a second doubt would be the last word on them. */
const roomFor = (first: Reader | undefined, connections: number): number =>
  first && first.doubts > 0 ? connections : connections * 2;

async function startAll(db: Db, readers: Reader[], progress: Progress, work: Work): Promise<void> {
  if (await againWhenLost(() => isPaused(db, work.lease.run_id))) {
    progress.ended = 'stopped';
    return;
  }
  const prepared = await againWhenLost(() => work.mail.prepare(readers, work.sending.clock.now()));
  readers.forEach((reader, place) => {
    const end = serve(db, reader, prepared[place] as Prepared, progress, work);
    progress.underWay.set(
      reader.seq,
      end.finally(() => progress.underWay.delete(reader.seq)),
    );
  });
}

/** One reader, from what was decided to the outcome. */
async function serve(
  db: Db,
  reader: Reader,
  prepared: Prepared,
  progress: Progress,
  work: Work,
): Promise<void> {
  const { clock } = work.sending;
  if ('skip' in prepared) {
    progress.settled.push({ reader, outcome: skipped(reader, prepared.skip, clock.now()) });
    return;
  }
  const verdict = await handOver(reader, prepared.make, work);
  progress.unsent = verdict.kind === 'unsent' ? progress.unsent + 1 : 0;
  if (progress.unsent >= MOST_UNSENT) progress.ended = 'out of reach';
  if (verdict.kind === 'refused') {
    progress.ended = 'stopped';
    await stopRun(db, verdict.reply, work);
  }
  const { doubtful_policy } = work.mail;
  progress.settled.push({ reader, outcome: judge(reader, verdict, { at: clock.now(), doubtful_policy }) });
}

/** A message that we cannot make up has reached nobody, and the log is told why, for it is our failure. */
async function handOver(reader: Reader, make: () => Promise<OutgoingMail>, work: Work): Promise<Verdict> {
  const { lease, sending } = work;
  if (!isRecipient(reader.address)) return { kind: 'undeliverable', reason: 'not an address' };
  try {
    return await sending.lane.deliver(await make());
  } catch (error) {
    sending.log.error({ err: error, run_id: lease.run_id }, 'a message could not be made up');
    return { kind: 'unsent', error: messageOf(error) };
  }
}

/** A refusal for policy is about us: nobody is suppressed, the run waits for a person. */
async function stopRun(db: Db, reply: string, { lease, sending }: Work): Promise<void> {
  const { log, clock } = sending;
  const reason = `the mail server refuses us: ${reply}`;
  log.error({ run_id: lease.run_id, reply }, 'the run pauses: the mail server refuses us for policy');
  await againWhenLost(() => pauseRun(db, lease.run_id, { now: clock.now(), reason })).catch((error) =>
    log.error(
      { err: error, run_id: lease.run_id },
      'the run could not be paused; this batch stops all the same',
    ),
  );
}
