import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { askForLetter, listAskedSince } from '../../letters/letter.ts';
import { localDate } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { type AddressKeys, addressKeys } from '../../subscribers/address-key.ts';
import { recordConsent } from '../../subscribers/consent.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { meetSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import { recordEvent } from '../machine/event.ts';
import { type Offer, requireActiveOffer } from '../offer.ts';
import { listLiveGrants } from '../rights/grant.ts';
import { insertTrial, lockTrial, requireTrial, type Trial } from '../trial.ts';
import { type Claim, claimTrial, findClaim, lockClaims, voidClaims } from './claim.ts';
import { expire } from './confirm.ts';
import type { IsGoogleHosted } from './google-hosted.ts';
import { isPastConfirming } from './request-limits.ts';

/** What the sign-up form says, and where it came from. */
export type TrialRequest = {
  address: string;
  first_name: string | null;
  wording_id: string;
  form_url: string;
  ip: string | null;
  user_agent: string | null;
  /** A name that the browser was given and keeps, if it does. */
  browser?: string | null;
};

/** What else is known when a trial is asked for. `by`: who of the staff asked for the reader, and why; none: the reader. */
type Asking = {
  now: Instant;
  secretKeys: readonly string[];
  isGoogleHosted?: IsGoogleHosted;
  by?: { actor: string; reason: string };
};

/** One letter to an address in so many hours, whoever asks; and a new trial after so many months. */
const BETWEEN_LETTERS = { hours: 24 };
const AGAIN_AFTER = { months: 12 };

/**
 * Asks for a free trial: writes down the reader, the consent, the claim, the trial and the wish for the letter that
 * asks for confirmation, all or nothing. `already` where the address has its trial, a grant, or a request that
 * waits: the same must be said to the asker either way. Throws `invalid` for an address or a name we cannot take,
 * and `not_found` where no trial is offered now, to whomever.
 */
export async function requestTrial(
  db: Db,
  publication: Publication,
  request: TrialRequest,
  { now, secretKeys, isGoogleHosted = async () => false, by }: Asking,
): Promise<{ outcome: 'requested'; trial_id: number } | { outcome: 'already' }> {
  const address = parseAddress(request.address);
  const first_name = parseFirstName(request.first_name);
  const keys = addressKeys(secretKeys, address);
  const browser = request.browser ?? null;
  return inTransaction(db, async (trx) => {
    const offer = await requireActiveOffer(trx, publication.id); // before the address is looked at: known or not, the same is thrown
    await lockClaims(trx, publication.id, keys);
    const subscriber = await meetSubscriber(trx, { address, first_name }, { now, secretKeys });
    const asker = { subscriber, keys, isSamePerson: () => isGoogleHosted(address.domain) };
    const standing = await findStanding(trx, publication, asker, { now });
    if (standing === 'granted') return { outcome: 'already' };
    if (standing) {
      if (standing.state === 'requested') await askToConfirm(trx, standing, { now, browser });
      return { outcome: 'already' };
    }
    const trial = await openTrial(trx, publication, { subscriber, keys, offer }, { now });
    await recordAgreed(trx, request, trial, { now });
    await askToConfirm(trx, trial, { now, browser });
    await recordAudit(
      trx,
      { actor: 'reader', ...by, verb: 'request a trial', subject: `trial ${trial.id}` },
      { now },
    );
    return { outcome: 'requested', trial_id: trial.id };
  });
}

/** `isSamePerson`: whether all `+tags` of the address are one person's mailbox. */
type Asker = { subscriber: Subscriber; keys: AddressKeys; isSamePerson: () => Promise<boolean> };

/** What stands in the way of a new trial: a grant of another kind, or a trial; claims that have run out are voided. */
async function findStanding(
  trx: Db,
  publication: Publication,
  { subscriber, ...asker }: Asker,
  { now }: { now: Instant },
): Promise<Trial | 'granted' | undefined> {
  const reader = { subscriber_id: subscriber.id, publication_id: publication.id };
  if ((await listLiveGrants(trx, reader, { at: now })).length > 0) return 'granted';
  const claim = await findBlockingClaim(trx, publication, asker);
  if (!claim) return undefined;
  const trial = await requireTrial(trx, claim.trial_id);
  if (isPastConfirming(trial, { now })) {
    await expire(trx, await lockTrial(trx, trial.id), { now });
    return undefined;
  }
  if (claim.expires_on && Temporal.PlainDate.compare(localDate(publication, now), claim.expires_on) >= 0) {
    await voidClaims(trx, trial.id, { at: now });
    return undefined;
  }
  return trial;
}

/** The claim of the address itself; else of another `+tag` of it, where DNS says that it is the same mailbox. */
async function findBlockingClaim(
  trx: Db,
  { id }: Publication,
  { keys, isSamePerson }: Omit<Asker, 'subscriber'>,
): Promise<Claim | undefined> {
  const own = await findClaim(trx, id, { kind: 'strict', key_hash: keys.strict });
  if (own) return own;
  const similar = await findClaim(trx, id, { kind: 'loose', key_hash: keys.loose });
  return similar && (await isSamePerson()) ? similar : undefined;
}

async function openTrial(
  trx: Db,
  publication: Publication,
  { subscriber, keys, offer }: Pick<Asker, 'subscriber' | 'keys'> & { offer: Offer },
  { now }: { now: Instant },
): Promise<Trial> {
  const trial = await insertTrial(trx, {
    subscriber_id: subscriber.id,
    publication_id: publication.id,
    offer_id: offer.id,
    unit: offer.unit,
    cap_days: capOf(offer),
    requested_at: now,
  });
  const expires_on = localDate(publication, now).add(AGAIN_AFTER);
  await claimTrial(trx, { publication_id: publication.id, trial_id: trial.id, expires_on }, keys, { now });
  return recordEvent(
    trx,
    trial,
    { event: 'requested' },
    { now, actor: 'reader', idem_key: 'requested', detail: { cap_days: capOf(offer) } },
  );
}

/** Publishing days after which a trial stops, whatever came: as many as were promised, where days were promised. */
const capOf = ({ unit, allowance, cap_days }: Offer): number =>
  unit === 'publishing_days' ? allowance : cap_days;

/** To mail about offers nobody can agree here: whose mailbox it is shows with the confirmation, and is asked there. */
async function recordAgreed(
  trx: Db,
  { wording_id, form_url, ip, user_agent }: TrialRequest,
  { subscriber_id, publication_id }: Trial,
  { now }: { now: Instant },
): Promise<void> {
  const given = { subscriber_id, publication_id, form_url, ip, user_agent };
  await recordConsent(trx, { ...given, purpose: 'service', wording_id }, { now });
}

/**
 * Asks for the confirm letter, if it may go: one in 24 hours to an address, whoever asks and for whatever publication, and
 * one more to the browser that asked first (M0).
 */
async function askToConfirm(
  trx: Db,
  trial: Trial,
  { now, browser }: { now: Instant; browser: string | null },
): Promise<void> {
  const to = { subscriber_id: trial.subscriber_id, letter: 'confirm' as const };
  const [first, ...others] = await listAskedSince(trx, to, now.subtract(BETWEEN_LETTERS));
  const askedFirst = browser !== null && first?.detail.browser === browser;
  if (first && !(askedFirst && others.length === 0)) return;
  await askForLetter(
    trx,
    {
      ...to,
      publication_id: trial.publication_id,
      trial_id: trial.id,
      anchor: `trial ${trial.id} at ${now.toString({ smallestUnit: 'second' })}`,
      due_at: now,
      detail: { browser },
    },
    { now },
  );
}
