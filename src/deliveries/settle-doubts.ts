import type { Db } from '../db/connect.ts';
import { isRunning, type Noted, readJournal } from './journal/read-journal.ts';
import { readReply } from './lanes/verdict.ts';
import { againWhenLost } from './ledger/again.ts';
import { listOpenReaders, type Reader } from './ledger/audience.ts';
import { inDoubt, judge, type Outcome, type Terms } from './ledger/judge.ts';
import type { Lease } from './ledger/lease.ts';
import type { RunMail } from './mail/run-mail.ts';
import type { Record } from './record.ts';
import type { Sending } from './sending.ts';

const WHY = 'the worker stopped while this reader was marked for handing over';

/**
 * Settles those whom a worker who left had marked. Where that worker's journal lies on this machine it says who was
 * never handed over, and what the others were answered; for whom it does not say, and for all where there is none, the
 * publication's policy decides.
 */
export async function settleDoubts(
  db: Db,
  lease: Lease,
  { record, mail, sending }: { record: Record; mail: RunMail; sending: Sending },
): Promise<void> {
  if (lease.marked.length === 0) return;
  const marked = new Set(lease.marked);
  const at = sending.clock.now();
  const readers = (await againWhenLost(() => listOpenReaders(db, lease, { now: at }))).filter(({ seq }) =>
    marked.has(seq),
  );
  const { station } = sending;
  const journal = station && lease.marked_by ? readJournal(station.folder, lease.marked_by) : undefined;
  // one that is only suspended may still hand over whom it had not; we ourselves have ended what we had of this batch
  const mayGoOn = lease.marked_by !== null && lease.marked_by !== lease.owner && isRunning(lease.marked_by);
  const terms = { at, doubtful_policy: mail.doubtful_policy };
  const written = readers.flatMap((reader) => {
    const noted = journal?.(reader) ?? 'in doubt';
    const outcome = settle(reader, noted === 'unsent' && mayGoOn ? 'in doubt' : noted, terms);
    return outcome ? [{ reader, outcome }] : [];
  });
  await record.commit({ written, marked: [] });
}

function settle(reader: Reader, noted: Noted, terms: Terms): Outcome | undefined {
  if (noted === 'unsent') return undefined;
  if (noted === 'in doubt') return inDoubt(reader, WHY, terms);
  const code = noted.refused ? `${noted.reply_code} 5.7.0` : noted.reply_code;
  return judge(reader, readReply(`${code} as the journal of the worker before has it`), terms);
}
