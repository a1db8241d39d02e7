import { isIP } from 'node:net';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';

/** What a reader agreed to, and the proof of it: the exact wording, the form, and where the request came from. */
export type Consent = {
  subscriber_id: number;
  publication_id: number;
  purpose: 'service' | 'marketing';
  wording_id: string;
  form_url: string;
  ip: string | null;
  user_agent: string | null;
};

/** Longest kept of what a browser says of itself. */
const LONGEST_AGENT = 500;

/** Writes down a consent given now, not yet confirmed. */
export async function recordConsent(trx: Db, consent: Consent, { now }: { now: Instant }): Promise<void> {
  const ip = consent.ip?.replace(/%.*$/, '') ?? '';
  await trx
    .insertInto('consents')
    .values({
      ...consent,
      ip: isIP(ip) ? ip : null,
      user_agent: consent.user_agent?.slice(0, LONGEST_AGENT) ?? null,
      given_at: now,
    })
    .execute();
}

/** Confirms every consent the reader gave for a publication and has neither confirmed nor withdrawn. */
export async function confirmConsents(
  trx: Db,
  subscriberId: number,
  publicationId: number,
  { now }: { now: Instant },
): Promise<void> {
  await open(trx, subscriberId, publicationId)
    .set({ confirmed_at: now })
    .where('confirmed_at', 'is', null)
    .execute();
}

/** Whether the reader has agreed, and proved that it was they, to mail about offers of a publication. */
export async function hasMarketingConsent(
  db: Db,
  { subscriber_id, publication_id }: Pick<Consent, 'subscriber_id' | 'publication_id'>,
): Promise<boolean> {
  const found = await db
    .selectFrom('consents')
    .select('id')
    .where('subscriber_id', '=', subscriber_id)
    .where('publication_id', '=', publication_id)
    .where('purpose', '=', 'marketing')
    .where('confirmed_at', 'is not', null)
    .where('withdrawn_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Withdraws what was agreed to on a form for a publication and never confirmed: whoever filled it in did not prove to be the reader. */
export async function withdrawUnconfirmed(
  trx: Db,
  subscriberId: number,
  publicationId: number,
  { now }: { now: Instant },
): Promise<void> {
  await open(trx, subscriberId, publicationId)
    .set({ withdrawn_at: now })
    .where('confirmed_at', 'is', null)
    .execute();
}

/** Withdraws every consent the reader gave for a publication. */
export async function withdrawConsents(
  trx: Db,
  subscriberId: number,
  publicationId: number,
  { now }: { now: Instant },
): Promise<void> {
  await open(trx, subscriberId, publicationId).set({ withdrawn_at: now }).execute();
}

const open = (trx: Db, subscriberId: number, publicationId: number) =>
  trx
    .updateTable('consents')
    .where('subscriber_id', '=', subscriberId)
    .where('publication_id', '=', publicationId)
    .where('withdrawn_at', 'is', null);
