import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import { isRecipient } from './lanes/recipient.ts';
import type { Verdict } from './lanes/verdict.ts';
import { againWhenLost } from './ledger/again.ts';
import type { Reader } from './ledger/audience.ts';
import { judge, skipped } from './ledger/judge.ts';
import type { Lease } from './ledger/lease.ts';
import { pauseRun } from './ledger/run.ts';
import type { Prepared, RunMail } from './mail/run-mail.ts';
import { beginProgress, type Progress, roomOrNews, takeNext } from './progress.ts';
import type { Record } from './record.ts';
import type { Sending } from './sending.ts';
import type { Window } from './window.ts';

/** Why no more readers were handed over: all were, the run or this process stopped, or nothing gets through. */
export type Ended = 'all' | 'stopped' | 'out of reach';

/** What the readers of one batch are handed over with. */
export type Work = {
  mail: RunMail;
  record: Record;
  lease: Lease;
  window: Window;
  sending: Sending;
};

/** So many messages in a row that never reached the server, and the batch waits. */
const MOST_UNSENT = 3;

/**
 * Hands readers over, those in doubt last, and writes down what became of each. A reader is handed over only after a
 * mark that covers them has been committed, and only if the decision, read after that, is still to send: who leaves
 * before the mark commits gets nothing. No more are marked at any time than the window is wide.
 */
export async function handOut(db: Db, readers: Reader[], work: Work): Promise<Ended> {
  const progress = beginProgress(readers);
  try {
    while (progress.waiting.length > 0 || progress.underWay.size > 0 || progress.settled.length > 0) {
      if (work.sending.stop?.aborted) progress.ended = 'stopped';
      if (progress.ended !== 'all') progress.waiting.length = 0;
      const began = performance.now();
      const next = takeNext(progress, work);
      const settled = progress.settled.length;
      const stand = await commit(progress, next, work);
      if (stand.paused) progress.ended = 'stopped';
      else if (next.length > 0) await startAll(db, next, progress, work);
      work.window.turned(performance.now() - began, settled);
      await roomOrNews(progress, work);
    }
    return progress.ended;
  } catch (error) {
    progress.waiting.length = 0;
    throw error;
  } finally {
    await progress.until(0);
  }
}

function commit(progress: Progress, next: Reader[], { record }: Work) {
  const written = progress.settled.splice(0);
  const marked = [...progress.underWay, ...next.map(({ seq }) => seq)];
  return record.commit({ written, marked });
}

async function startAll(db: Db, readers: Reader[], progress: Progress, work: Work): Promise<void> {
  const prepared = await againWhenLost(() => work.mail.prepare(readers, work.sending.clock.now()));
  for (const [place, reader] of readers.entries()) {
    const one = prepared[place] as Prepared;
    if ('skip' in one)
      progress.settled.push({ reader, outcome: skipped(reader, one.skip, work.sending.clock.now()) });
    else {
      progress.underWay.add(reader.seq);
      void serve(db, reader, one, progress, work);
    }
  }
}

/** One reader, from what was decided to the outcome. */
async function serve(
  db: Db,
  reader: Reader,
  { make }: Exclude<Prepared, { skip: string }>,
  progress: Progress,
  work: Work,
): Promise<void> {
  const verdict = await handOver(reader, make, work);
  progress.unsent = verdict.kind === 'unsent' ? progress.unsent + 1 : 0;
  if (progress.unsent >= MOST_UNSENT) progress.ended = 'out of reach';
  if (verdict.kind === 'refused') {
    progress.ended = 'stopped';
    await stopRun(db, verdict.reply, work);
  }
  const { doubtful_policy } = work.mail;
  const outcome = judge(reader, verdict, { at: work.sending.clock.now(), doubtful_policy });
  progress.settle({ reader, outcome });
}

/** A message that we cannot make up has reached nobody, and the log is told why, for it is our failure. */
async function handOver(
  reader: Reader,
  make: Exclude<Prepared, { skip: string }>['make'],
  { mail, lease, sending }: Work,
): Promise<Verdict> {
  if (!isRecipient(reader.address)) return { kind: 'undeliverable', reason: 'not an address' };
  const ref = { run_id: reader.run_id, seq: reader.seq, attempt: reader.attempt };
  try {
    const message = await make();
    const { journal } = sending.station ?? {};
    if (journal) message.leaving = () => journal.leaving(ref);
    const verdict = await mail.lane.deliver(message);
    if ('reply_code' in verdict) journal?.heard(ref, verdict.reply_code);
    return verdict;
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
