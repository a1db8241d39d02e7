import { type Clock, isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Delivery } from '../deliveries/ledger/delivery.ts';
import { messageOf, unavailable } from '../errors.ts';
import type { Log } from '../log.ts';
import { isAReader, isReaders, meaningsFor } from './about.ts';
import { applyMeaning } from './apply.ts';
import { insertEvent } from './event.ts';
import type { Meaning } from './meaning.ts';
import { readNotice } from './notices/read-notice.ts';
import { type Marks, proveDelivery } from './prove.ts';
import { readReturned } from './reading/read.ts';
import type { Recipient, Returned } from './reading/returned.ts';
import { claimReturned, failReturned, finishReturned, type ReturnedRow } from './returned.ts';

/** What what came back is worked with. */
export type Working = Marks & { clock: Clock; log: Log };

/** How many mails and notices were worked, and how many of them could not be. */
export type Worked = { worked: number; failed: number };

/** A report may overtake the ledger's own commit; so long it is waited for. */
const LEDGER_WITHIN = { hours: 1 };

/**
 * Works everything that has come back and is due, one after the other, each event with all that follows from it
 * in one transaction. One that cannot be worked is tried again later, and never keeps the others waiting.
 */
export async function workReturned(db: Db, working: Working): Promise<Worked> {
  const done: Worked = { worked: 0, failed: 0 };
  for (;;) {
    const row = await claimReturned(db, { now: working.clock.now() });
    if (!row) return done;
    try {
      await workOne(db, row, working);
      done.worked++;
    } catch (error) {
      done.failed++;
      const isLast = await failReturned(db, row, messageOf(error));
      working.log[isLast ? 'error' : 'warn'](
        { err: error, returned_id: row.id, way: row.way, tries: row.tries },
        `what came back could not be worked${isLast ? ' and is given up' : '; it will be tried again'}`,
      );
    }
  }
}

/**
 * Each of the things told in a transaction of its own, which holds one reader's row: two batches never wait for each other,
 * and one that cannot be worked keeps no other of its batch waiting.
 */
async function workOne(db: Db, row: ReturnedRow, working: Working): Promise<void> {
  const troubles: unknown[] = [];
  for (const [place, returned] of (await readAll(row)).entries())
    await db
      .transaction()
      .execute((trx) => judge(trx, row, { returned, place }, working))
      .catch((trouble) => troubles.push(trouble));
  if (troubles.length > 1) throw new AggregateError(troubles, troubles.map(messageOf).join('; '));
  if (troubles.length > 0) throw troubles[0];
  await finishReturned(db, row.id);
}

async function readAll(row: ReturnedRow): Promise<Returned[]> {
  if (row.raw === null) throw new Error(`returned ${row.id} waits without its bytes`);
  return row.form === 'mail' ? [await readReturned(row.raw)] : readNotice(row.way, row.raw);
}

async function judge(
  trx: Db,
  row: ReturnedRow,
  { returned, place }: { returned: Returned; place: number },
  { clock, log, ...marks }: Working,
): Promise<void> {
  const { id: returned_id, way, arrived_at: at } = row;
  const delivery = await proveDelivery(trx, row, returned, marks);
  const meanings = delivery ? await meaningsOf(trx, delivery, returned, marks) : [];
  if (!delivery || meanings.length === 0) {
    await insertEvent(trx, {
      event_key: `returned ${returned_id}/${place}`,
      kind: 'foreign',
      way,
      returned_id,
      at,
    });
    if (returned.kind === 'complaint')
      log.warn({ returned_id, way }, 'a complaint proves to be about none of ours');
    return;
  }
  const now = clock.now();
  if (isTooEarly(delivery, meanings) && isBefore(now, at.add(LEDGER_WITHIN)))
    throw unavailable(`delivery r${delivery.run_id}-${delivery.seq} has no last word in the ledger yet`);
  for (const meaning of meanings)
    await applyMeaning(trx, delivery, meaning, { source: { way, returned_id, at }, now, log });
}

/** What a bounce takes back must have been counted first. */
const isTooEarly = ({ is_final }: Delivery, meanings: Meaning[]): boolean =>
  !is_final && meanings.some(({ kind }) => kind === 'hard_bounce');

async function meaningsOf(
  db: Db,
  delivery: Delivery,
  { kind, recipients, feedback_type }: Returned,
  { secret_keys }: Marks,
): Promise<Meaning[]> {
  const nothing = { reason: null, status: null, diagnostic: null };
  switch (kind) {
    case 'report':
      return meaningsFor(db, delivery, recipients, { secret_keys });
    case 'complaint':
      return (await isByAnother(db, delivery, recipients, secret_keys))
        ? []
        : [{ ...nothing, kind, reason: 'complaint', diagnostic: feedback_type }];
    case 'automatic':
      return [{ ...nothing, kind }];
    case 'other':
      return [{ ...nothing, kind: 'noted' }];
  }
}

/** A complaint that names other readers of ours, and not the one who was written to. */
async function isByAnother(
  db: Db,
  delivery: Delivery,
  recipients: Recipient[],
  secretKeys: readonly string[],
): Promise<boolean> {
  if (recipients.some(({ address }) => isReaders(address, delivery, secretKeys))) return false;
  for (const { address } of recipients) if (await isAReader(db, address, secretKeys)) return true;
  return false;
}
