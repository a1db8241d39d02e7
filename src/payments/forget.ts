import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { forgetUnpaid } from '../trials/paid/subscription.ts';
import { forgetPayloads } from './provider-event.ts';

/** What providers told is kept so long (TRIALS §4), and what nobody paid for. */
const PAYLOADS_FOR = { hours: 90 * 24 };
const UNPAID_FOR = { hours: 3 * 24 };

/** Forgets what stood in old notices, and the addresses of those who began to pay and did not. */
export async function forgetPayments(
  db: Db,
  { now }: { now: Instant },
): Promise<{ payloads: number; unpaid: number }> {
  return {
    payloads: await forgetPayloads(db, now.subtract(PAYLOADS_FOR)),
    unpaid: await forgetUnpaid(db, now.subtract(UNPAID_FOR)),
  };
}
