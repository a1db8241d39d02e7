import type { Insertable } from 'kysely';
import { addStaff, type Role, type Staff } from '../../src/accounts/staff/staff.ts';
import type { Db } from '../../src/db/connect.ts';
import type { Schema } from '../../src/db/schema.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { claimDueLetters } from '../../src/letters/letter.ts';
import { pressAt, publishingDayAfter } from '../../src/publications/calendar.ts';
import {
  insertPublication,
  type Publication,
  requirePublication,
} from '../../src/publications/publication.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import {
  markSubscriberConfirmed,
  meetSubscriber,
  requireSubscriber,
  type Subscriber,
} from '../../src/subscribers/subscriber.ts';
import { countAccepted } from '../../src/trials/count.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { giveGrant } from '../../src/trials/rights/give-grant.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial, type Trial } from '../../src/trials/trial.ts';

/** Monday, 23 November 2026, one hour before press in Washington. */
export const MONDAY = Temporal.Instant.from('2026-11-23T10:00:00Z');

/** The newsletter of the tests: weekdays at 06:00 in Washington, five sections, a trial of ten editions. */
export async function seedPublication(
  db: Db,
  over: Partial<Insertable<Schema['publications']>> = {},
): Promise<Publication> {
  const id = await insertPublication(db, {
    slug: 'dome-daily',
    name: 'Dome Daily',
    tagline: 'Daily coverage of the people, politics and personality of Capitol Hill',
    site_url: 'https://dome.test',
    from_name: 'Dome Daily',
    from_address: 'daily@dome.test',
    postal_address: 'Dome Daily, 1 Rotunda Way, Washington, DC 20002',
    corrections_address: 'corrections@dome.test',
    zone: 'America/New_York',
    press_time: Temporal.PlainTime.from('06:00'),
    publishing_weekdays: [1, 2, 3, 4, 5],
    created_at: MONDAY,
    ramp_wait_seconds: 0,
    ...over,
  });
  await db
    .insertInto('sections')
    .values(
      ['Congress', 'White House', 'Campaigns', 'Policy', 'People'].map((name, position) => ({
        publication_id: id,
        slug: name.toLowerCase().replace(' ', '-'),
        name,
        position,
        weight: (5 - position) / 5,
        is_default: name === 'Policy',
      })),
    )
    .execute();
  await db
    .insertInto('offers')
    .values({ publication_id: id, slug: 'free-trial', name: 'Free trial' })
    .execute();
  return requirePublication(db, id);
}

/** The keys of the tests: what links are signed and addresses are hashed with. */
export const SECRET_KEYS = ['a key for tests that is long enough, 32 characters and more'];

/** Thursday, 12 November 2026: when the cast comes in. */
const THURSDAY = Temporal.Instant.from('2026-11-12T15:00:00Z');

/** Who reads in the tests, and Ann's trial. */
export type Cast = Record<'ann' | 'bob' | 'cleo' | 'dora', Subscriber> & { trial: Trial };

/**
 * Ann is on a trial, her next edition, of Monday, is 7 of 10; Bob pays; Cleo pays and has unsubscribed; Dora, the
 * editor, reads for nothing. No letter is waiting.
 */
export async function seedCast(db: Db, publication: Publication): Promise<Cast> {
  const meant = { now: THURSDAY, secretKeys: SECRET_KEYS };
  const paid = (address: string, first_name: string) =>
    givePaid(db, publication, { address, first_name, reference: 'cast' }, meant);
  const trialId = await startTrial(
    db,
    publication,
    { address: 'ann@reader.test', first_name: 'Ann' },
    THURSDAY,
  );
  const bob = await paid('bob@reader.test', 'Bob');
  const cleo = await paid('cleo@reader.test', 'Cleo');
  await leave(db, cleo.subscriber_id, publication.id, { now: THURSDAY, how: 'one_click' });
  const dora = await meetSubscriber(
    db,
    { address: parseAddress('dora@dome.test'), first_name: 'Dora' },
    meant,
  );
  await markSubscriberConfirmed(db, dora.id, { now: THURSDAY });
  await giveGrant(
    db,
    {
      subscriber_id: dora.id,
      publication_id: publication.id,
      source: 'comp',
      source_id: `comp ${dora.id}`,
      actor: 'system',
      reason: 'the editor',
    },
    { now: THURSDAY },
  );
  await receive(db, publication, trialId, { editions: 6, after: Temporal.PlainDate.from('2026-11-12') });
  await claimDueLetters(db, { now: MONDAY.subtract({ hours: 24 }), limit: 100 });
  const trial = await requireTrial(db, trialId);
  return {
    ann: await requireSubscriber(db, trial.subscriber_id),
    bob: await requireSubscriber(db, bob.subscriber_id),
    cleo: await requireSubscriber(db, cleo.subscriber_id),
    dora: await requireSubscriber(db, dora.id),
    trial,
  };
}

/** Signs a reader up and confirms at once; returns the trial's id. */
export async function startTrial(
  db: Db,
  publication: Publication,
  { address, first_name = null }: { address: string; first_name?: string | null },
  now: Temporal.Instant,
): Promise<number> {
  const form = { wording_id: 'free-trial-1', form_url: 'https://dome.test/', ip: null, user_agent: null };
  const asked = await requestTrial(
    db,
    publication,
    { address, first_name, ...form },
    { now, secretKeys: SECRET_KEYS },
  );
  if (asked.outcome !== 'requested') throw new Error(`${address} has a trial already`);
  await confirmTrial(db, asked.trial_id, { now });
  return asked.trial_id;
}

/** Lets the reader of a trial be sent the next so many regular editions, each accepted at press; they have no rows. */
export async function receive(
  db: Db,
  publication: Publication,
  trialId: number,
  { editions, after }: { editions: number; after: Temporal.PlainDate },
): Promise<void> {
  const { subscriber_id } = await requireTrial(db, trialId);
  let edition_on = after;
  for (let count = 0; count < editions; count++) {
    edition_on = publishingDayAfter(publication, edition_on) as Temporal.PlainDate;
    const edition = { id: idOfDate(edition_on), edition_on };
    const at = pressAt(publication, edition_on);
    await inTransaction(db, (trx) => countAccepted(trx, [{ subscriber_id, at }], { publication, edition }));
  }
}

/** An id for an edition that has no row, far from those that have. */
export const idOfDate = (date: Temporal.PlainDate): number =>
  900_000_000 + Number(date.toString().replaceAll('-', '')) - 20_000_000;

/** Who works at the desk in the tests: Eve edits, Dora approves, Ada is the admin. */
export async function seedStaff(
  db: Db,
  secretKeys: readonly string[] = SECRET_KEYS,
): Promise<Record<'eve' | 'dora' | 'ada', Staff>> {
  const add = (name: string, role: Role) =>
    addStaff(
      db,
      { address: parseAddress(`${name.toLowerCase()}@dome.test`), name, role },
      { now: MONDAY, actor: 'test', secretKeys },
    );
  return {
    eve: await add('Eve', 'editor'),
    dora: await add('Dora', 'approver'),
    ada: await add('Ada', 'admin'),
  };
}
