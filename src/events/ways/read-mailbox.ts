import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Enqueue } from '../../work/job.ts';
import { takeReturned } from '../take-returned.ts';
import type { MailFolder } from './imap-folder.ts';

const AT_ONCE = 50;
/** A bound on one reading: what is left comes with the next, a minute later. */
const MOST = 5_000;

/**
 * Takes in what lies in a mailbox. Mails are put aside only after they are stored: a crash in between leaves them to be
 * met again and known. Without a mailbox nothing is read.
 */
export async function readMailbox(
  db: Db,
  open: (() => Promise<MailFolder>) | undefined,
  { clock, enqueue }: { clock: Clock; enqueue: Enqueue },
): Promise<{ taken: number; known: number }> {
  const read = { taken: 0, known: 0 };
  if (!open) return read;
  const folder = await open();
  try {
    while (read.taken + read.known < MOST) {
      const mails = await folder.next(AT_ONCE);
      if (mails.length === 0) break;
      for (const { raw } of mails)
        read[await takeReturned(db, { way: 'imap', form: 'mail', raw }, { now: clock.now(), enqueue })]++;
      await folder.putAside(mails.map(({ uid }) => uid));
    }
  } finally {
    await folder.close();
  }
  return read;
}
