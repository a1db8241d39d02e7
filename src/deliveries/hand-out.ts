import { isBefore } from '../clock.ts';
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
import type { Addressee, Ruling } from './pacing/breaker.ts';
import type { Gate } from './pacing/gate.ts';
import { isSignInRefused } from './pacing/policy.ts';
import { domainOf } from './pacing/receiver.ts';
import { beginProgress, type Progress, roomOrNews, takeNext } from './progress.ts';
import type { Record } from './record.ts';
import type { Sending } from './sending.ts';
import { pausedRunCall } from './staff/paused-run.ts';
import type { Window } from './window.ts';

/** Why no more readers were handed over: all were, the run or this process stopped, nothing gets through, or those left may not start for a while. */
export type Ended = 'all' | 'stopped' | 'out of reach' | { rest_ms: number };

/** What the readers of one batch are handed over with. */
export type Work = {
  mail: RunMail;
  record: Record;
  lease: Lease;
  window: Window;
  gate: Gate;
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
  const progress = beginProgress(readers, work);
  try {
    while (progress.line.left > 0 || progress.underWay.size > 0 || progress.settled.length > 0) {
      if (work.sending.stop?.aborted) progress.ended = 'stopped';
      if (progress.ended !== 'all') progress.line.clear();
      const began = performance.now();
      const next = await takeNext(progress, work);
      const settled = progress.settled.length;
      const ready = await markAndPrepare(progress, next, work);
      for (const [place, one] of ready.entries()) start(db, next[place] as Reader, one, progress, work);
      work.window.turned(performance.now() - began, settled);
      await roomOrNews(progress, next, work);
    }
    return progress.ended;
  } finally {
    await progress.until(0);
  }
}

/** Marks those who are next and reads what each is to get; none where the run stands still. Who is not begun leaves their place to others. */
async function markAndPrepare(progress: Progress, next: Reader[], work: Work): Promise<Prepared[]> {
  let ready: Prepared[] = [];
  try {
    const { paused } = await commit(progress, next, work);
    if (paused) progress.ended = 'stopped';
    else if (next.length > 0)
      ready = await againWhenLost(() => work.mail.prepare(next, work.sending.clock.now()));
    return ready;
  } finally {
    if (ready.length === 0) for (const reader of next) work.gate.heard(addressee(reader));
  }
}

function commit(progress: Progress, next: Reader[], { record }: Work) {
  const written = progress.settled.splice(0);
  const marked = [...progress.underWay, ...next.map(({ seq }) => seq)];
  return record.commit({ written, marked });
}

function start(db: Db, reader: Reader, ready: Prepared, progress: Progress, work: Work): void {
  const now = work.sending.clock.now();
  const one = isBefore(now, reader.stale_at) ? ready : { skip: 'stale' as const }; // the batch may have been long in hand
  if ('skip' in one) {
    work.gate.heard(addressee(reader));
    progress.settled.push({ reader, outcome: skipped(reader, one.skip, now) });
  } else {
    progress.underWay.add(reader.seq);
    void serve(db, reader, one, progress, work);
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
  const { pause, rest, give_up } = work.gate.heard(addressee(reader), verdict);
  if (rest) tellOfRest(rest, work);
  if (pause) {
    progress.ended = 'stopped';
    await stopRun(db, pause, work);
  }
  const { doubtful_policy } = work.mail;
  const outcome = judge(reader, verdict, { at: work.sending.clock.now(), doubtful_policy, give_up });
  progress.settle({ reader, outcome });
}

const addressee = ({ address, refusals }: Reader): Addressee => ({ domain: domainOf(address), refusals });

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
    if (journal) {
      message.leaving = () => journal.leaving(ref);
      message.heard = (answer) => {
        if (!isSignInRefused(answer)) journal.heard(ref, answer); // which says nothing of the message: another relay may take it
      };
    }
    return await mail.lane.deliver(message);
  } catch (error) {
    sending.log.error({ err: error, run_id: lease.run_id }, 'a message could not be made up');
    return { kind: 'unsent', error: messageOf(error) };
  }
}

/** A large provider that has us wait is the staff's business; a small one is a line in the log. */
function tellOfRest(
  rest: NonNullable<Ruling['rest']>,
  { lease: { run_id }, sending: { log, staff } }: Work,
): void {
  const { receiver, named, until, reply } = rest;
  log.warn({ run_id, receiver, until, reply }, 'the readers of a receiver rest: it refuses us for policy');
  if (!named) return;
  staff.call({
    occasion: `run ${run_id} refused by ${receiver}`,
    text: `${receiver} refuses the messages of a run; its readers rest and are tried again`,
    reason: reply,
    hint: 'read the reply: the provider says what it wants',
    run_id,
  });
}

/** Nobody is suppressed for a refusal that is about us: the run waits for a person, who is called. */
async function stopRun(
  db: Db,
  { reason, hint }: NonNullable<Ruling['pause']>,
  { lease: { run_id }, sending: { log, clock, staff } }: Work,
): Promise<void> {
  const now = clock.now();
  try {
    if (await againWhenLost(() => pauseRun(db, run_id, { now, reason })))
      staff.call(pausedRunCall({ run_id, paused_at: now, reason, hint }));
  } catch (error) {
    log.error({ err: error, run_id, reason }, 'the run could not be paused; this batch stops all the same');
  }
}
