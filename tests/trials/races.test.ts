import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { conflict, PresstimeError } from '../../src/errors.ts';
import { countAccepted } from '../../src/trials/count.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { listEvents, requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, SECRET_KEYS, seedPublication, startTrial } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';

const db = connect(await freshTarget(), 12);
test.after(() => db.destroy());
const publication = await seedPublication(db);
const FORM = {
  first_name: null,
  wording_id: 'w',
  form_url: 'https://dome.test/',
  ip: null,
  user_agent: null,
};

const atOnce = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const tally = (outcomes: string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(outcomes)].sort().map((one) => [one, outcomes.filter((o) => o === one).length]),
  );
const rowsOf = async (table: 'trial_claims' | 'trials' | 'subscribers' | 'letters' | 'holds' | 'audit') =>
  (await db.selectFrom(table).select('id').execute()).length;

test('forty starts at once under spellings of one address make one trial, one claim, one letter', async () => {
  const outcomes = await atOnce(40, async (index) => {
    const address = index % 2 ? 'a.n.n@gmail.com' : `ann+${index}@googlemail.com`;
    const told = { now: MONDAY, secretKeys: SECRET_KEYS };
    return (await requestTrial(db, publication, { ...FORM, address }, told)).outcome;
  });
  assert.deepEqual(tally(outcomes), { already: 39, requested: 1 });
  assert.deepEqual(
    await Promise.all([rowsOf('subscribers'), rowsOf('trials'), rowsOf('trial_claims'), rowsOf('letters')]),
    [1, 1, 2, 1],
  );
});

test('forty confirms at once confirm once', async () => {
  const { id } = await db.selectFrom('trials').select('id').executeTakeFirstOrThrow();
  const outcomes = await atOnce(40, async () => (await confirmTrial(db, id, { now: MONDAY })).outcome);
  assert.deepEqual(tally(outcomes), { already: 39, confirmed: 1 });
  assert.equal((await db.selectFrom('grants').select('id').execute()).length, 1);
  assert.equal(await rowsOf('letters'), 2);
});

test('forty acceptances of one edition at once count one', async () => {
  const id = await startTrial(db, publication, { address: 'bob@reader.test' }, MONDAY);
  const { subscriber_id } = await requireTrial(db, id);
  const edition = { id: 7, edition_on: Temporal.PlainDate.from('2026-11-24') };
  const outcomes = await atOnce(40, () =>
    db
      .transaction()
      .execute((trx) => countAccepted(trx, [{ subscriber_id, at: MONDAY }], { publication, edition }))
      .then(([one]) => one as string),
  );
  assert.deepEqual(tally(outcomes), { counted: 1, repeated: 39 });
  assert.deepEqual([(await requireTrial(db, id)).consumed, await findDrift(db, id)], [1, []]);
});

test('twenty converts against twenty hard stops at once: the buyer ends converted', async () => {
  const id = await startTrial(db, publication, { address: 'cleo@reader.test' }, MONDAY);
  const outcomes = await atOnce(40, async (index) => {
    const isConvert = index % 2 === 0;
    const recording = { now: MONDAY, actor: 'system', idem_key: isConvert ? 'stripe:evt_1' : 'hard_stop' };
    try {
      const { repeated } = await db
        .transaction()
        .execute((trx) =>
          applyEvent(
            trx,
            id,
            isConvert ? { event: 'converted', method: 'card', ref: 'evt_1' } : { event: 'hard_stopped' },
            recording,
          ),
        );
      return `${isConvert ? 'convert' : 'stop'} ${repeated ? 'repeated' : 'done'}`;
    } catch (error) {
      assert.ok(error instanceof PresstimeError && error.kind === conflict('').kind);
      return `${isConvert ? 'convert' : 'stop'} refused`;
    }
  });
  const counts = tally(outcomes);
  assert.deepEqual([counts['convert done'], counts['convert repeated']], [1, 19]);
  assert.equal((await requireTrial(db, id)).state, 'converted');
  assert.deepEqual(await findDrift(db, id), []);
});

test('forty leaves at once are one hold and one row of the audit, beside an edition that is just being counted', async () => {
  const id = await startTrial(db, publication, { address: 'dora@reader.test' }, MONDAY);
  const { subscriber_id } = await requireTrial(db, id);
  const before = await rowsOf('audit');
  const [outcomes] = await Promise.all([
    atOnce(
      40,
      async () => (await leave(db, subscriber_id, publication.id, { now: MONDAY, how: 'one_click' })).outcome,
    ),
    receive(db, publication, id, { editions: 2, after: Temporal.PlainDate.from('2026-11-23') }),
  ]);
  assert.deepEqual(tally(outcomes), { already: 39, left: 1 });
  assert.deepEqual([(await rowsOf('audit')) - before, await rowsOf('holds')], [1, 1]);
  assert.equal((await requireTrial(db, id)).state, 'ended');
  assert.deepEqual(await findDrift(db, id), []);
});

test('a repeated key returns the first outcome and changes nothing', async () => {
  const id = await startTrial(db, publication, { address: 'eve@reader.test' }, MONDAY);
  const pause = (now = MONDAY) =>
    db
      .transaction()
      .execute((trx) =>
        applyEvent(
          trx,
          id,
          { event: 'paused' },
          { now, actor: 'reader', idem_key: 'req:1', reason: 'holiday' },
        ),
      );
  assert.equal((await pause()).repeated, false);
  const again = await pause(MONDAY.add({ hours: 1 }));
  assert.ok(again.repeated);
  assert.deepEqual([again.first.event, String(again.first.recorded_at)], ['paused', String(MONDAY)]);
  assert.equal((await listEvents(db, id)).length, 3);
});

test('twenty payments with one reference at once are one grant', async () => {
  const pay = () =>
    givePaid(
      db,
      publication,
      { address: 'fay@reader.test', first_name: 'Fay', reference: 'inv-7' },
      { now: MONDAY, secretKeys: SECRET_KEYS },
    );
  const given = await atOnce(20, pay);
  assert.deepEqual(tally(given.map(({ outcome }) => outcome)), { already: 19, given: 1 });
  assert.equal(new Set(given.map(({ grant_id }) => grant_id)).size, 1);
});
