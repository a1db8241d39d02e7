import type { Db } from '../db/connect.ts';
import { localDate, pressAt } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { parseAddress } from '../subscribers/address.ts';
import { parseFirstName } from '../subscribers/first-name.ts';
import { placeHold } from '../subscribers/hold.ts';
import { markSubscriberConfirmed, meetSubscriber } from '../subscribers/subscriber.ts';
import { leave } from '../trials/ending/leave.ts';
import { applyEvent } from '../trials/machine/event.ts';
import { giveGrant } from '../trials/rights/give-grant.ts';
import { givePaid } from '../trials/rights/give-paid.ts';
import { confirmTrial } from '../trials/sign-up/confirm.ts';
import { requestTrial } from '../trials/sign-up/request.ts';
import { requireTrial } from '../trials/trial.ts';
import { PAGES } from './dome-daily.ts';

/** When and where the newsroom is loaded; `secretKeys` are those that readers' addresses are known by. */
export type Loading = { now: Temporal.Instant; publicUrl: string; secretKeys: readonly string[] };
type Person = { first_name: string; address: string };

/** On trial, by how many editions they have had before today's. */
const ON_TRIAL: (Person & { had: number })[] = [
  { first_name: 'Nora', address: 'nora.whitfield@readers.dome-daily.test', had: 0 },
  { first_name: 'Zoë', address: 'zoe.marchetti@readers.dome-daily.test', had: 6 },
  { first_name: "Declan O'Neil", address: "declan.o'neil@readers.dome-daily.test", had: 9 },
];
const WAITING: Person = { first_name: 'Lena', address: 'lena.brandt@readers.dome-daily.test' };
const LEFT = { first_name: 'Walter', address: 'walter.penhallow@readers.dome-daily.test', had: 4 };
const PAYING: Person = { first_name: 'عائشہ', address: 'ayesha.qureshi@readers.dome-daily.test' };
const PAUSED: Person = { first_name: 'Tomasz', address: 'tomasz.wrona@readers.dome-daily.test' };
const COMPLIMENTARY: Person = {
  first_name: 'Hepzibah',
  address: 'hepzibah.noor@readers.dome-daily.test',
};

/** Minutes from press until the mail server had taken the last copy. */
const HANDED_OVER_AFTER = { minutes: 2 };

/**
 * Adds readers in every standing: on the first, the seventh and the last edition of a trial, not yet confirmed, paying
 * (one of them away), complimentary, and gone. Each is brought there as any reader would be, on the days it would have
 * taken; only past editions are entered as such, since there are none to count.
 */
export async function addReaders(trx: Db, publication: Publication, loading: Loading): Promise<void> {
  for (const person of ON_TRIAL) await addOnTrial(trx, publication, person, loading);
  await ask(trx, publication, WAITING, { ...loading, now: loading.now.subtract({ minutes: 10 }) });
  const left = await addOnTrial(trx, publication, LEFT, loading);
  await leave(trx, left, publication.id, { now: loading.now.subtract({ hours: 7 }), how: 'one_click' });
  await addPaying(trx, publication, PAYING, loading);
  const away = await addPaying(trx, publication, PAUSED, loading);
  await placeHold(trx, pause(away, publication, loading), { now: loading.now.subtract({ hours: 9 }) });
  await addComplimentary(trx, publication, COMPLIMENTARY, loading);
}

/** Returns the subscriber. */
async function addOnTrial(
  trx: Db,
  publication: Publication,
  { had, ...person }: Person & { had: number },
  loading: Loading,
): Promise<number> {
  const today = localDate(publication, loading.now);
  const asked_at = evening(publication, today.subtract({ days: had + 1 }));
  const trialId = await ask(trx, publication, person, { ...loading, now: asked_at });
  await confirmTrial(trx, trialId, { now: asked_at.add({ minutes: 12 }) });
  for (let ago = had; ago > 0; ago--) {
    const edition_on = today.subtract({ days: ago });
    await applyEvent(
      trx,
      trialId,
      { event: 'edition_accepted', edition_on },
      {
        now: loading.now,
        effective_at: pressAt(publication, edition_on).add(HANDED_OVER_AFTER),
        actor: 'system',
        reason: 'an edition from before the sample newsroom was loaded',
        idem_key: `sample ${edition_on}`,
      },
    );
  }
  return (await requireTrial(trx, trialId)).subscriber_id;
}

/** Returns the trial. */
async function ask(
  trx: Db,
  publication: Publication,
  person: Person,
  { now, publicUrl, secretKeys }: Loading,
): Promise<number> {
  const form_url = publicUrl + PAGES.signUp;
  const request = { ...person, wording_id: 'sample', form_url, ip: null, user_agent: null };
  const asked = await requestTrial(trx, publication, request, { now, secretKeys });
  if (asked.outcome === 'already') throw new Error(`${person.address} has had a trial already`);
  return asked.trial_id;
}

async function addPaying(
  trx: Db,
  publication: Publication,
  person: Person,
  { now, secretKeys }: Loading,
): Promise<number> {
  const paid = { ...person, reference: 'sample' };
  const since = evening(publication, localDate(publication, now).subtract({ days: 40 }));
  return (await givePaid(trx, publication, paid, { now: since, secretKeys })).subscriber_id;
}

async function addComplimentary(
  trx: Db,
  publication: Publication,
  { first_name, address }: Person,
  { now, secretKeys }: Loading,
): Promise<void> {
  const today = localDate(publication, now);
  const since = evening(publication, today.subtract({ days: 20 }));
  const person = { address: parseAddress(address), first_name: parseFirstName(first_name) };
  const { id } = await meetSubscriber(trx, person, { now: since, secretKeys });
  await markSubscriberConfirmed(trx, id, { now: since });
  await giveGrant(
    trx,
    {
      subscriber_id: id,
      publication_id: publication.id,
      source: 'comp',
      source_id: `comp ${id} sample`,
      ends_at: evening(publication, today.add({ days: 70 })),
      actor: 'system',
      reason: 'the law librarian checks our quotations',
    },
    { now: since },
  );
}

const pause = (subscriber_id: number, publication: Publication, { now }: Loading) => ({
  subscriber_id,
  publication_id: publication.id,
  kind: 'paused' as const,
  resume_on: localDate(publication, now).add({ days: 6 }),
  reason: 'away',
});

const evening = ({ zone }: Publication, date: Temporal.PlainDate): Temporal.Instant =>
  date.toZonedDateTime({ timeZone: zone, plainTime: '19:40' }).toInstant();
