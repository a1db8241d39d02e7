import type { Db } from '../db/connect.ts';
import { againWhenLost } from './ledger/again.ts';
import type { Reader } from './ledger/audience.ts';
import type { Outcome } from './ledger/judge.ts';
import { type Lease, markReaders } from './ledger/lease.ts';
import type { RunMail } from './mail/run-mail.ts';
import type { Sending } from './sending.ts';

/** An outcome with the reader it is about. */
export type Written = { reader: Reader; outcome: Outcome };
export type Counts = Partial<{ [status in Outcome['status']]: number }>;

/** The one way in which the work on a batch reaches the ledger. */
export type Record = {
  counts: Counts;
  /**
   * In one transaction: checks the fence, appends the outcomes with all that follows from them, and marks the
   * readers who may be handed over from now on; `marked` names all of them, those under way included. Returns whether
   * the run stands still, so that none of those marked anew may.
   */
  commit(step: { written: Written[]; marked: number[] }): Promise<{ paused: boolean }>;
};

/** Opens the record of a batch in hand. Its commits are tried again where Postgres is away for some seconds. */
export function openRecord(
  db: Db,
  lease: Lease,
  mail: RunMail,
  { clock, lease_seconds }: Pick<Sending, 'clock'> & { lease_seconds: number },
): Record {
  const counts: Counts = {};
  return {
    counts,
    async commit({ written, marked }) {
      const outcomes = written.map(({ outcome }) => outcome);
      const mark = (trx: Db) =>
        markReaders(trx, lease, {
          marked,
          until: clock.now().add({ seconds: lease_seconds }),
          outcomes,
        });
      const stand = await againWhenLost(() =>
        mail.follows(written)
          ? db.transaction().execute(async (trx) => {
              const stand = await mark(trx);
              await mail.follow(trx, written);
              return stand;
            })
          : mark(db),
      );
      for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
      return stand;
    },
  };
}
