import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Letter } from '../../letters/letter.ts';
import type { LetterName } from '../../letters/letter-kind.ts';
import { hasMarketingConsent } from '../../subscribers/consent.ts';
import { type HoldKind, listHoldKinds, listHolds } from '../../subscribers/hold.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import { findSuppression } from '../../subscribers/suppression.ts';
import { listLiveGrants, OUTRANKING } from '../rights/grant.ts';
import { requireTrial, type Trial } from '../trial.ts';
import { hasRefused } from '../trial-event.ts';
import { listFailing } from './failing.ts';
import { type DropReason, pauseForbids, trialForbids } from './still-so.ts';

/** Due longer ago than this, a letter is no longer true enough to send. */
export const LETTER_STALE_AFTER = { hours: 36 };

/** What is asked of a letter before it goes, besides that what it says is so. */
type Rule = {
  /** Holds in spite of which it goes. */
  past?: readonly HoldKind[];
  /** Rights beside which it is not wanted: better ones than a trial's, or any. */
  unless?: 'better' | 'any';
  /** Whether the reader must have agreed to mail about offers. */
  marketing?: boolean;
  /** It goes to the newsroom: nothing of the reader's stands in its way. */
  to_newsroom?: boolean;
};

/** Letters about the account, not the newsletter, go to whoever has one; only a complaint stops them. */
const OF_ACCOUNT: Rule = { past: ['unsubscribed', 'admin', 'paused', 'bounced'] };

/** Answers go to who has paused: they asked. What the clock says waits until they are back. */
const RULES: Record<LetterName, Rule> = {
  confirm: { past: ['paused'] },
  welcome: { past: ['paused'] },
  'trial-value': { unless: 'better' },
  'trial-midway': { unless: 'better' },
  'trial-ending': { unless: 'better' },
  'trial-ended': { unless: 'better' },
  'trial-extended': { past: ['paused'], unless: 'better' },
  converted: { past: ['paused', 'unsubscribed'] }, // a receipt; it says that they are away
  'win-back': { unless: 'any', marketing: true },
  paused: { past: ['paused'] },
  resumed: {},
  'address-failing': { to_newsroom: true },
  'group-request': { to_newsroom: true },
  'invoice-request': { to_newsroom: true },
  'desk-call': OF_ACCOUNT,
  'edition-test': OF_ACCOUNT,
  'sign-in': OF_ACCOUNT,
  'new-password': OF_ACCOUNT,
  'password-changed': OF_ACCOUNT,
  'address-approve': OF_ACCOUNT,
  'address-confirm': OF_ACCOUNT,
  'address-changed': OF_ACCOUNT,
};

/**
 * Whether a letter claimed now may still go, asked in the transaction that hands it over: never to an address that
 * is suppressed or has left, and only while what it says is so (TRIALS §2). Where it may not, drop it with the reason.
 */
export async function letterStillHolds(
  trx: Db,
  letter: Letter,
  { now }: { now: Instant },
): Promise<{ send: true } | { send: false; reason: DropReason }> {
  const reason = isPast(letter, now) ?? (await whyNot(trx, letter, { now }));
  return reason ? { send: false, reason } : { send: true };
}

/** A letter goes stale; and one that carries a link may say until when it works. */
function isPast({ due_at, detail: { expires_at } }: Letter, now: Instant): 'stale' | 'expired' | undefined {
  if (isBefore(due_at.add(LETTER_STALE_AFTER), now)) return 'stale';
  return typeof expires_at === 'string' && isBefore(Temporal.Instant.from(expires_at), now)
    ? 'expired'
    : undefined;
}

async function whyNot(trx: Db, letter: Letter, { now }: { now: Instant }): Promise<DropReason | undefined> {
  const rule = RULES[letter.letter as LetterName];
  if (letter.letter === 'address-failing')
    return (await listFailing(trx, letter)).length > 0 ? undefined : 'cleared';
  if (rule.to_newsroom) return undefined;
  const trial = letter.trial_id === null ? undefined : await requireTrial(trx, letter.trial_id);
  return (
    (await addressForbids(trx, letter, { trial, past: rule.past ?? [], now })) ??
    (trial && trialForbids(letter, trial, now)) ??
    (await pauseForbids(trx, letter)) ??
    (rule.unless && (await grantForbids(trx, letter, { unless: rule.unless, now }))) ??
    (rule.marketing && !(await hasMarketingConsent(trx, letter)) ? 'no_consent' : undefined)
  );
}

async function addressForbids(
  trx: Db,
  { subscriber_id, publication_id, letter, detail }: Letter,
  { trial, past, now }: { trial: Trial | undefined; past: readonly HoldKind[]; now: Instant },
): Promise<DropReason | undefined> {
  const subscriber = await requireSubscriber(trx, subscriber_id);
  const key = typeof detail.address_key === 'string' ? detail.address_key : subscriber.address_key;
  const suppression = await findSuppression(trx, key);
  if (suppression) return suppression.reason === 'complaint' ? 'complaint' : 'suppressed';
  const kinds = await listHoldKinds(trx, subscriber_id, publication_id, { at: now });
  for (const kind of ['complaint', 'unsubscribed', 'admin', 'paused', 'bounced'] as const) {
    if (!kinds.includes(kind) || past.includes(kind)) continue;
    if (kind === 'unsubscribed' && letter === 'confirm' && subscriber.confirmed_at !== null && trial)
      if (await leftBefore(trx, trial)) continue;
    return kind;
  }
  return undefined;
}

/**
 * A reader who left, and only then asked for a trial, may be asked to confirm it. One who left after asking, or who
 * was never more to us than an address in a form, or who left once more by the letter that asked, may not: a stranger
 * could go on having them written to.
 */
async function leftBefore(trx: Db, trial: Trial): Promise<boolean> {
  const holds = await listHolds(trx, trial.subscriber_id, trial.publication_id);
  const left = holds.find(({ kind, ended_at }) => kind === 'unsubscribed' && ended_at === null);
  if (!left) return true;
  if (Temporal.Instant.compare(left.started_at, trial.requested_at) >= 0) return false;
  return !(await hasRefused(trx, trial, { since: left.started_at }));
}

/** Who receives on better terms than a trial need not hear of its end; who receives at all is not asked back. */
async function grantForbids(
  trx: Db,
  { subscriber_id, publication_id }: Letter,
  { unless, now }: { unless: 'better' | 'any'; now: Instant },
): Promise<DropReason | undefined> {
  const live = await listLiveGrants(trx, { subscriber_id, publication_id }, { at: now });
  return live.some(({ source }) => unless === 'any' || OUTRANKING.includes(source)) ? 'has_grant' : undefined;
}
