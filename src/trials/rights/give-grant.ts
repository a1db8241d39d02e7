import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { GrantSource } from '../../db/schema/readers.ts';
import { inTransaction } from '../../db/transaction.ts';
import { askForLetter } from '../../letters/letter.ts';
import { requirePublication } from '../../publications/publication.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { applyEvent } from '../machine/event.ts';
import { isAllowed } from '../machine/machine.ts';
import { findTrial, lockTrial, type Trial } from '../trial.ts';
import { editionsToCredit, endWithCredit } from './credit-left.ts';
import { listLiveGrants, openGrant } from './grant.ts';

/** A right given by somebody, and not by a trial. `source_id` names the payment, the licence, the approver's note. */
export type GivenGrant = {
  subscriber_id: number;
  publication_id: number;
  source: Exclude<GrantSource, 'trial' | 'grace'>;
  source_id: string;
  ends_at?: Instant | null;
  /** The plan that was paid for, where there is one: the letter says its price. */
  plan_id?: number | null;
  /** Whether it is paid again by itself when the term is over. */
  renews?: boolean;
  actor: string;
  reason?: string | null;
};

/**
 * What the letter to who has paid says: until when (an instant; null: until it is ended), how many editions moved that, the
 * plan, if it is known, and whether it is paid again by itself.
 */
export type ConvertedDetail = {
  paid_until: string | null;
  credited: number;
  plan_id: number | null;
  renews: boolean;
};

/** `ends_at`: when the term ends, with what a trial had left. */
export type Given = { outcome: 'given' | 'already'; grant_id: number; ends_at: Instant | null };

/** Sources that replace a trial; a comp or a gift only stands in front of it. */
const CONVERTING: readonly GrantSource[] = ['paid', 'licence'];

/**
 * Gives a reader the right to receive from now on. Paying, or a seat under a licence, converts a trial that is open
 * or over: editions it had left move the end of the term. A letter tells who paid for a plan, or on a trial (M10). The same
 * source and id again while the grant stands: nothing is changed. Throws `not_found`.
 */
export function giveGrant(db: Db, given: GivenGrant, { now }: { now: Instant }): Promise<Given> {
  const { actor, reason, plan_id, renews, ...grant } = given;
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, grant.subscriber_id);
    const live = await listLiveGrants(trx, grant, { at: now });
    const same = live.find((one) => one.source === grant.source && one.source_id === grant.source_id);
    if (same) return { outcome: 'already', grant_id: same.id, ends_at: same.ends_at };
    const trial = CONVERTING.includes(grant.source) ? await findConvertible(trx, given) : undefined;
    const term = await termOf(trx, trial, given);
    const grant_id = await openGrant(trx, { ...grant, ends_at: term.ends_at, starts_at: now });
    const isTold = trial ? await convert(trx, trial, { given, ...term, now }) : plan_id != null;
    if (isTold && grant.source === 'paid') await tell(trx, trial, { given, ...term, now });
    await recordAudit(
      trx,
      {
        actor,
        verb: 'give a grant',
        subject: `subscriber ${grant.subscriber_id}`,
        reason: reason ?? null,
        detail: { publication_id: grant.publication_id, source: grant.source, source_id: grant.source_id },
      },
      { now },
    );
    return { outcome: 'given', grant_id, ends_at: term.ends_at };
  });
}

async function findConvertible(trx: Db, given: GivenGrant): Promise<Trial | undefined> {
  const found = await findTrial(trx, given);
  const trial = found && (await lockTrial(trx, found.id)); // an edition may be counted just now
  return trial && isAllowed(trial.state, 'converted') ? trial : undefined;
}

type Term = { ends_at: Instant | null; credited: number };

/** The term with what the trial had left; one without an end has nothing to move. */
async function termOf(trx: Db, trial: Trial | undefined, { ends_at = null }: GivenGrant): Promise<Term> {
  if (!ends_at || !trial) return { ends_at, credited: 0 };
  const credited = editionsToCredit(trial);
  const publication = await requirePublication(trx, trial.publication_id);
  return { ends_at: endWithCredit(publication, ends_at, credited), credited };
}

type Giving = Term & { given: GivenGrant; now: Instant };

/** The trial becomes what was paid for; false where this had been recorded before. */
async function convert(trx: Db, { id }: Trial, { given, credited, now }: Giving): Promise<boolean> {
  const { source, source_id, actor, reason = null } = given;
  const { repeated } = await applyEvent(
    trx,
    id,
    { event: 'converted', method: source, ref: source_id },
    {
      now,
      actor,
      reason,
      idem_key: `converted ${source} ${source_id}`,
      detail: { method: source, ref: source_id, credited },
    },
  );
  return !repeated;
}

/** Whoever paid is told (M10); a seat under a licence is not theirs to pay. */
async function tell(
  trx: Db,
  trial: Trial | undefined,
  { given, ends_at, credited, now }: Giving,
): Promise<void> {
  const { subscriber_id, publication_id, source_id, plan_id = null, renews = false } = given;
  const detail: ConvertedDetail = { paid_until: ends_at?.toString() ?? null, credited, plan_id, renews };
  const to = { subscriber_id, publication_id, trial_id: trial?.id ?? null };
  const letter = { letter: 'converted' as const, anchor: source_id, due_at: now, detail };
  await askForLetter(trx, { ...to, ...letter }, { now });
}
