import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { askForLetter, isLetterWaiting } from '../../letters/letter.ts';
import { localDate } from '../../publications/calendar.ts';
import { contactOf, requirePublication } from '../../publications/publication.ts';
import { listLiveGrantsOf } from '../rights/grant.ts';
import { nextMorning } from './letter-times.ts';

/** A reader whose mail comes back: their address, since when, and why. */
export type Failing = { address: string; started_at: Instant; reason: string | null };

type On = { subscriber_id: number; publication_id: number };

/**
 * Asks for the letter that tells the newsroom of a failing address (M13), for each newsletter its reader has a right to:
 * on the next morning, and one for all that begin to fail before then.
 */
export async function askForFailingLetters(
  trx: Db,
  subscriberId: number,
  { now }: { now: Instant },
): Promise<void> {
  const grants = await listLiveGrantsOf(trx, subscriberId, { at: now });
  for (const publication_id of new Set(grants.map((grant) => grant.publication_id))) {
    const of = { letter: 'address-failing', publication_id } as const;
    if (await isLetterWaiting(trx, of)) continue;
    const publication = await requirePublication(trx, publication_id);
    const due_at = nextMorning(publication, localDate(publication, now));
    const asked = { ...of, subscriber_id: subscriberId, trial_id: null, due_at, anchor: `since ${now}` };
    await askForLetter(trx, { ...asked, address: contactOf(publication) }, { now });
  }
}

/** The readers with a right to a publication whose mail comes back, and has not for longer than that of `subscriber_id`; oldest first. */
export function listFailing(db: Db, { subscriber_id, publication_id }: On): Promise<Failing[]> {
  return db
    .selectFrom('holds as h')
    .innerJoin('subscribers as s', 's.id', 'h.subscriber_id')
    .select(['h.started_at', 'h.reason', 's.address'])
    .where('h.kind', '=', 'bounced')
    .where('h.ended_at', 'is', null)
    .where(({ eb, selectFrom }) =>
      eb(
        'h.started_at',
        '>=',
        selectFrom('holds as first')
          .select(({ fn }) => fn.max('first.started_at').as('at'))
          .where('first.subscriber_id', '=', subscriber_id)
          .where('first.kind', '=', 'bounced'),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('grants as g')
          .whereRef('g.subscriber_id', '=', 'h.subscriber_id')
          .where('g.publication_id', '=', publication_id)
          .where((eb) => eb.or([eb('g.ends_at', 'is', null), eb('g.ends_at', '>', eb.ref('h.started_at'))])),
      ),
    )
    .orderBy('h.id')
    .execute();
}
