import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Letter } from '../../letters/letter.ts';
import type { LetterName } from '../../letters/letter-kind.ts';
import { listHoldKinds, listHolds } from '../../subscribers/hold.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import { findSuppression } from '../../subscribers/suppression.ts';
import { listLiveGrants, OUTRANKING } from '../rights/grant.ts';
import { isPastConfirming } from '../sign-up/request-limits.ts';
import { requireTrial, type Trial } from '../trial.ts';
import type { EndingDetail } from './clock-letters.ts';

/** Why a letter is not sent after all: kept with it. */
export type DropReason =
  | 'stale'
  | 'complaint'
  | 'suppressed'
  | 'unsubscribed'
  | 'admin'
  | 'paused'
  | 'bounced'
  | 'confirmed'
  | 'expired'
  | 'void'
  | 'converted'
  | 'reopened'
  | 'superseded'
  | 'ended'
  | 'has_grant';

/** Due longer ago than this, a letter is no longer true enough to send. */
export const LETTER_STALE_AFTER = { hours: 36 };

/**
 * Whether a letter claimed now may still go, asked in the transaction that hands it over: never to an address that
 * is suppressed or has left, and only while what it says is so (TRIALS §2). Where it may not, drop it with the reason.
 */
export async function letterStillHolds(
  trx: Db,
  letter: Letter,
  { now }: { now: Instant },
): Promise<{ send: true } | { send: false; reason: DropReason }> {
  const trial = letter.trial_id === null ? undefined : await requireTrial(trx, letter.trial_id);
  const reason =
    (isStale(letter, now) ? 'stale' : undefined) ??
    (await addressForbids(trx, letter, trial, { now })) ??
    (trial && trialForbids(letter, trial, now)) ??
    (letter.letter.startsWith('trial-') ? await grantForbids(trx, letter, { now }) : undefined);
  return reason ? { send: false, reason } : { send: true };
}

const isStale = ({ due_at }: Letter, now: Instant): boolean =>
  Temporal.Instant.compare(now, due_at.add(LETTER_STALE_AFTER)) > 0;

async function addressForbids(
  trx: Db,
  { subscriber_id, publication_id, letter }: Letter,
  trial: Trial | undefined,
  { now }: { now: Instant },
): Promise<DropReason | undefined> {
  const subscriber = await requireSubscriber(trx, subscriber_id);
  const suppression = await findSuppression(trx, subscriber.address_key);
  if (suppression) return suppression.reason === 'complaint' ? 'complaint' : 'suppressed';
  const kinds = await listHoldKinds(trx, subscriber_id, publication_id, { at: now });
  for (const kind of ['complaint', 'unsubscribed', 'admin', 'paused', 'bounced'] as const) {
    if (!kinds.includes(kind)) continue;
    if (kind === 'paused' && isAnswer(letter as LetterName)) continue;
    if (kind === 'unsubscribed' && letter === 'confirm' && subscriber.confirmed_at !== null && trial)
      if (await leftBefore(trx, trial)) continue;
    return kind;
  }
  return undefined;
}

/** Letters that answer what the reader has just done. */
const isAnswer = (letter: LetterName): boolean => letter === 'confirm' || letter === 'welcome';

/**
 * A reader who left, and only then asked for a trial, may be asked to confirm it. One who left after asking, or who
 * was never more to us than an address in a form, may not: a stranger could go on having them written to.
 */
async function leftBefore(trx: Db, trial: Trial): Promise<boolean> {
  const holds = await listHolds(trx, trial.subscriber_id, trial.publication_id);
  return holds
    .filter(({ kind, ended_at }) => kind === 'unsubscribed' && ended_at === null)
    .every(({ started_at }) => Temporal.Instant.compare(started_at, trial.requested_at) < 0);
}

function trialForbids({ letter, detail }: Letter, trial: Trial, now: Instant): DropReason | undefined {
  switch (letter as LetterName) {
    case 'confirm':
      if (trial.state === 'void' || isPastConfirming(trial, { now })) return 'expired';
      return trial.state === 'requested' ? undefined : 'confirmed';
    case 'welcome':
      return trial.state === 'void' ? 'void' : undefined;
    case 'trial-ending':
      return endingForbids((detail as EndingDetail).left, trial);
    case 'trial-ended':
      if (trial.state === 'converted') return 'converted';
      return trial.state === 'ended' ? undefined : 'reopened';
  }
}

/** "Three left" is still so while two or three are; the rung below, and an extension, put it out of date. */
function endingForbids(rung: EndingDetail['left'], trial: Trial): DropReason | undefined {
  if (trial.state === 'converted') return 'converted';
  if (trial.state !== 'running') return 'ended';
  const left = trial.allowance - trial.consumed;
  const isSo = rung === 1 ? left === 1 : left === 2 || left === 3;
  return isSo ? undefined : 'superseded';
}

/** Who receives on better terms than a trial need not hear of its end. */
async function grantForbids(
  trx: Db,
  { subscriber_id, publication_id }: Letter,
  { now }: { now: Instant },
): Promise<DropReason | undefined> {
  const live = await listLiveGrants(trx, { subscriber_id, publication_id }, { at: now });
  return live.some(({ source }) => OUTRANKING.includes(source)) ? 'has_grant' : undefined;
}
