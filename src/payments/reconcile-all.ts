import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Facts } from '../trials/paid/facts.ts';
import { listLiveSubscriptions, type Subscription } from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';
import { findOurs } from './sync.ts';
import { syncAndTell } from './sync-and-tell.ts';

/** How many the provider has, how many of ours were not as it says, how many are not ours, how many of ours it lacks, and how many could not be settled. */
export type Reconciled = { listed: number; mended: number; foreign: number; missing: number; failed: number };

/** One begun this recently may be younger than the list. */
const YOUNG = { hours: 1 };

/** Holds every subscription against the provider's list, and mends what differs; for one that it lacks the staff is called. */
export async function reconcileAll(db: Db, paying: Paying): Promise<Reconciled> {
  const done: Reconciled = { listed: 0, mended: 0, foreign: 0, missing: 0, failed: 0 };
  const listed = new Set<string>();
  const begun_before = paying.clock.now().subtract(YOUNG);
  for await (const facts of paying.payments.listSubscriptions()) {
    done.listed++;
    if (facts instanceof Error) {
      done.failed++;
      paying.log.error({ err: facts }, 'a subscription of the payment provider cannot be read');
      continue;
    }
    listed.add(facts.provider_id);
    const ours = await findOurs(db, facts);
    if (!ours) done.foreign++;
    else if (differs(ours, facts)) await mend(db, facts, { paying, done });
  }
  for (const ours of await listLiveSubscriptions(db)) {
    if (ours.provider_id === null || listed.has(ours.provider_id) || !isBefore(ours.asked_at, begun_before))
      continue;
    done.missing++;
    paying.staff.call({
      occasion: `subscription ${ours.id} is missing`,
      text: `subscriber ${ours.subscriber_id} is ${ours.state} here, and the payment provider has no ${ours.provider_id}`,
      reason: 'the list of the provider does not name it',
      hint: 'look whether the keys are those of the right account',
    });
  }
  return done;
}

/** One that fails keeps no other from being looked at. */
async function mend(
  db: Db,
  { provider_id }: Facts,
  { paying, done }: { paying: Paying; done: Reconciled },
): Promise<void> {
  try {
    if (await syncAndTell(db, provider_id, paying)) done.mended++;
  } catch (error) {
    done.failed++;
    paying.log.error({ err: error, provider_id }, 'a subscription could not be settled');
  }
}

const STATE_OF = {
  pending: 'pending_payment',
  active: 'active',
  past_due: 'past_due',
  ended: 'ended',
} as const;

function differs(ours: Subscription, facts: Facts): boolean {
  const isOver = ours.state === 'ended' && facts.status === 'ended';
  if (isOver || ours.cancel_wanted_at !== null) return false;
  const isCredited = ours.credit_until === null || ours.credited_at !== null;
  return (
    ours.state !== STATE_OF[facts.status] ||
    String(ours.cancel_at) !== String(facts.cancel_at) ||
    (isCredited && ours.state !== 'pending_payment' && String(ours.paid_until) !== String(facts.paid_until))
  );
}
