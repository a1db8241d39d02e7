import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Enqueue } from '../work/job.ts';
import type { Notice } from './card-payments.ts';
import { insertProviderEvent } from './provider-event.ts';

/** Takes in what a provider has told: when this returns it is stored, and a job is asked for that works it. Again: `known`. */
export function takeNotice(
  db: Db,
  provider: string,
  told: { notice: Notice; body: Buffer },
  { now, enqueue }: { now: Instant; enqueue: Enqueue },
): Promise<'taken' | 'known'> {
  return inTransaction(db, async (trx) => {
    if (!(await insertProviderEvent(trx, provider, told, { now }))) return 'known';
    if (told.notice.about !== null) await enqueue(trx, 'work-payments');
    return 'taken';
  });
}
