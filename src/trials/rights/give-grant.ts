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
import { findTrial, type Trial } from '../trial.ts';
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
  actor: string;
  reason?: string | null;
};

/** What the letter on a conversion is about: the grant, how many editions moved its end, and the plan, if it is known. */
export type ConvertedDetail = { grant_id: number; credited: number; plan_id: number | null };

/** Sources that replace a trial; a comp or a gift only stands in front of it. */
const CONVERTING: readonly GrantSource[] = ['paid', 'licence'];

/**
 * Gives a reader the right to receive from now on. Paying, or a seat under a licence, converts a trial that is open
 * or over: editions it had left move the end of the term, and a letter tells who paid (M10). The same source and id again while the grant stands: nothing is changed. Throws `not_found`.
 */
export function giveGrant(
  db: Db,
  given: GivenGrant,
  { now }: { now: Instant },
): Promise<{ outcome: 'given' | 'already'; grant_id: number }> {
  const { actor, reason, plan_id = null, ...grant } = given;
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, grant.subscriber_id);
    const live = await listLiveGrants(trx, grant, { at: now });
    const same = live.find((one) => one.source === grant.source && one.source_id === grant.source_id);
    if (same) return { outcome: 'already', grant_id: same.id };
    const trial = CONVERTING.includes(grant.source) ? await findConvertible(trx, given) : undefined;
    const term = trial ? await creditedTerm(trx, trial, given) : { ends_at: grant.ends_at, credited: 0 };
    const grant_id = await openGrant(trx, { ...grant, ends_at: term.ends_at ?? null, starts_at: now });
    if (trial) await convert(trx, trial, { given, plan_id, credited: term.credited, grant_id, now });
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
    return { outcome: 'given', grant_id };
  });
}

async function findConvertible(trx: Db, given: GivenGrant): Promise<Trial | undefined> {
  const trial = await findTrial(trx, given);
  return trial && isAllowed(trial.state, 'converted') ? trial : undefined;
}

/** The end of the term with what the trial had left; a term without an end has nothing to move. */
async function creditedTerm(
  trx: Db,
  trial: Trial,
  { ends_at }: GivenGrant,
): Promise<{ ends_at: Instant | null; credited: number }> {
  if (!ends_at) return { ends_at: null, credited: 0 };
  const credited = editionsToCredit(trial);
  const publication = await requirePublication(trx, trial.publication_id);
  return { ends_at: endWithCredit(publication, ends_at, credited), credited };
}

type Converting = {
  given: GivenGrant;
  plan_id: number | null;
  credited: number;
  grant_id: number;
  now: Instant;
};

/** The trial becomes what was paid for; whoever paid is told (M10), a seat under a licence is not theirs to pay. */
async function convert(
  trx: Db,
  { id, subscriber_id, publication_id }: Trial,
  { given, plan_id, credited, grant_id, now }: Converting,
): Promise<void> {
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
  if (repeated || source !== 'paid') return;
  const detail: ConvertedDetail = { grant_id, credited, plan_id };
  const anchor = `trial ${id} ${source_id}`;
  const to = { subscriber_id, publication_id, trial_id: id };
  await askForLetter(trx, { ...to, letter: 'converted', anchor, due_at: now, detail }, { now });
}
