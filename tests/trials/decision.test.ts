import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { placeHold } from '../../src/subscribers/hold.ts';
import { UNSAID } from '../../src/subscribers/preferences.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { suppress } from '../../src/subscribers/suppression.ts';
import { audienceAt, type Decision, decisionsAt } from '../../src/trials/rights/decision.ts';
import { openGrant } from '../../src/trials/rights/grant.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const cast = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;

beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

async function decisions(at = MONDAY, among?: number[]): Promise<Record<string, Decision>> {
  const rows = await decisionsAt(db, publication.id, at, among).orderBy('subscriber_id').execute();
  return Object.fromEntries(rows.map((row) => [row.address.replace(/@.*/, ''), row]));
}

test('the audience is every reader with a grant, each once, with the decision, the reason and the right', async () => {
  const all = await decisions();
  const short = Object.values(all).map((row) => [row.address, row.decision, row.reason, row.grant_source]);
  assert.deepEqual(short, [
    ['ann@reader.test', 'send', null, 'trial'],
    ['bob@reader.test', 'send', null, 'paid'],
    ['cleo@reader.test', 'skip', 'unsubscribed', 'paid'],
    ['dora@dome.test', 'send', null, 'comp'],
  ]);
  assert.deepEqual(
    [all.ann?.trial_id, all.ann?.trial_state, all.ann?.trial_left, all.bob?.trial_id],
    [cast.trial.id, 'running', 4, null],
  );
});

test('a paid grant beside a trial is the right that is named', async () => {
  const { id: subscriber_id } = cast.ann;
  await openGrant(db, {
    subscriber_id,
    publication_id: publication.id,
    source: 'paid',
    source_id: 'x',
    starts_at: MONDAY,
  });
  const { ann } = await decisions();
  assert.deepEqual([ann?.grant_source, ann?.trial_id, ann?.trial_left], ['paid', null, null]);
});

test('of several reasons the weightiest is given', async () => {
  const { id: subscriber_id, address_key } = cast.ann;
  const reasons: unknown[] = [];
  for (const kind of ['bounced', 'paused', 'admin', 'unsubscribed'] as const) {
    const publication_id = kind === 'bounced' ? null : publication.id;
    await placeHold(db, { subscriber_id, publication_id, kind }, { now: MONDAY });
    reasons.push((await decisions()).ann?.reason);
  }
  await suppress(db, { address_key, reason: 'hard_bounce' }, { now: MONDAY });
  reasons.push((await decisions()).ann?.reason);
  await placeHold(db, { subscriber_id, publication_id: null, kind: 'complaint' }, { now: MONDAY });
  reasons.push((await decisions()).ann?.reason);
  assert.deepEqual(reasons, ['bounced', 'paused', 'admin_hold', 'unsubscribed', 'suppressed', 'complaint']);
});

test('a pause ends by itself on the local date it was set to', async () => {
  const { id: subscriber_id } = cast.ann;
  const resume_on = Temporal.PlainDate.from('2026-11-24');
  const hold = { subscriber_id, publication_id: publication.id, kind: 'paused' as const, resume_on };
  await placeHold(db, hold, { now: MONDAY });
  const reason = async (at: string) => (await decisions(Temporal.Instant.from(at))).ann?.reason;
  assert.equal(await reason('2026-11-24T04:59:59Z'), 'paused'); // 23:59:59 in Washington
  assert.equal(await reason('2026-11-24T05:00:00Z'), null);
});

test('looking again at a few names those who have lost their grant, and leaves the others out', async () => {
  const eve = await db
    .insertInto('subscribers')
    .values({ address: 'eve@reader.test', address_key: 'eve', created_at: MONDAY })
    .returning('id')
    .executeTakeFirstOrThrow();
  const again = await decisions(MONDAY, [cast.ann.id, cast.cleo.id, eve.id]);
  assert.deepEqual(
    Object.entries(again).map(([name, row]) => [name, row.decision, row.reason]),
    [
      ['ann', 'send', null],
      ['cleo', 'skip', 'unsubscribed'],
      ['eve', 'skip', 'no_grant'],
    ],
  );
});

test('a grant counts from the instant it starts until before the instant it ends', async () => {
  await db
    .updateTable('grants')
    .set({ starts_at: MONDAY, ends_at: MONDAY.add({ hours: 1 }) })
    .where('subscriber_id', '=', cast.bob.id)
    .execute();
  const isIn = async (at: Temporal.Instant) => (await decisions(at)).bob !== undefined;
  assert.deepEqual(
    [
      await isIn(MONDAY.subtract({ seconds: 1 })),
      await isIn(MONDAY),
      await isIn(MONDAY.add({ minutes: 59 })),
      await isIn(MONDAY.add({ hours: 1 })),
    ],
    [false, true, true, false],
  );
});

test('who wants the weekly round-up is skipped by a regular edition, and alone the audience of a round-up', async () => {
  const wanted = { ...UNSAID, rhythm: 'weekly', zone: null } as const;
  for (const { id } of [cast.ann, cast.cleo])
    await setPreferences(db, id, publication.id, wanted, { now: MONDAY });
  const audience = async (kind: 'regular' | 'weekly') => {
    const rows = await audienceAt(db, publication.id, { at: MONDAY, kind })
      .orderBy('subscriber_id')
      .execute();
    return rows.map(({ address, reason }) => `${address.replace(/@.*/, '')} ${reason}`);
  };
  assert.deepEqual(await audience('regular'), ['ann null', 'bob null', 'cleo unsubscribed', 'dora null']);
  assert.deepEqual(await audience('weekly'), []);
  await db.updateTable('publications').set({ weekly_on: 5 }).where('id', '=', publication.id).execute();
  assert.deepEqual(await audience('regular'), ['ann weekly', 'bob null', 'cleo unsubscribed', 'dora null']);
  assert.deepEqual(await audience('weekly'), ['ann null', 'cleo unsubscribed']);
  assert.equal((await decisions()).ann?.reason, null); // frozen in an edition, a reader gets it whatever they choose since
});
