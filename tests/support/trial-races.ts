import assert from 'node:assert/strict';
import type { Db } from '../../src/db/connect.ts';
import { PresstimeError } from '../../src/errors.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { countAccepted } from '../../src/trials/count.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, SECRET_KEYS, startTrial } from './cast.ts';

/** Where a race is run, and how many run at once. */
export type Race = { db: Db; publication: Publication; clients: number };

const FORM = {
  first_name: null,
  wording_id: 'w',
  form_url: 'https://dome.test/',
  ip: null,
  user_agent: null,
};
const TOLD = { now: MONDAY, secretKeys: SECRET_KEYS };
let races = 0;

const atOnce = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const tally = (outcomes: string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(outcomes)].sort().map((one) => [one, outcomes.filter((o) => o === one).length]),
  );
async function countRows(
  db: Db,
  tables: ('trial_claims' | 'trials' | 'subscribers' | 'letters' | 'audit')[],
) {
  const counts = tables.map(async (table) => (await db.selectFrom(table).select('id').execute()).length);
  return Promise.all(counts);
}
const begin = ({ db, publication }: Race) =>
  startTrial(db, publication, { address: `racer-${races++}@reader.test` }, MONDAY);

/** What may happen at once to one trial, each asserted to happen once (TRIALS §1.4). */
export const TRIAL_RACES: Record<string, (race: Race) => Promise<void>> = {
  async 'starts under spellings of one address make one trial, one claim, one letter'({
    db,
    publication,
    clients,
  }) {
    const tables = ['subscribers', 'trials', 'trial_claims', 'letters'] as const;
    const before = await countRows(db, [...tables]);
    const name = `ann${races++}`;
    const outcomes = await atOnce(clients, async (index) => {
      const address = index % 2 ? `${name.split('').join('.')}@gmail.com` : `${name}+${index}@googlemail.com`;
      return (await requestTrial(db, publication, { ...FORM, address }, TOLD)).outcome;
    });
    assert.deepEqual(tally(outcomes), { already: clients - 1, requested: 1 });
    const after = await countRows(db, [...tables]);
    assert.deepEqual(
      after.map((count, index) => count - (before[index] as number)),
      [1, 1, 2, 1],
    );
  },

  async 'confirms confirm once'({ db, publication, clients }) {
    const asked = await requestTrial(
      db,
      publication,
      { ...FORM, address: `racer-${races++}@reader.test` },
      TOLD,
    );
    assert.equal(asked.outcome, 'requested');
    const id = asked.outcome === 'requested' ? asked.trial_id : 0;
    const outcomes = await atOnce(clients, async () => (await confirmTrial(db, id, { now: MONDAY })).outcome);
    assert.deepEqual(tally(outcomes), { already: clients - 1, confirmed: 1 });
    const { subscriber_id } = await requireTrial(db, id);
    const grants = await db
      .selectFrom('grants')
      .select('id')
      .where('subscriber_id', '=', subscriber_id)
      .execute();
    assert.equal(grants.length, 1);
  },

  async 'acceptances of one edition count one'(race) {
    const { db, publication, clients } = race;
    const id = await begin(race);
    const { subscriber_id } = await requireTrial(db, id);
    const edition = { id: 7, edition_on: Temporal.PlainDate.from('2026-11-24') };
    const outcomes = await atOnce(clients, () =>
      db
        .transaction()
        .execute((trx) => countAccepted(trx, [{ subscriber_id, at: MONDAY }], { publication, edition }))
        .then(([one]) => one as string),
    );
    assert.deepEqual(tally(outcomes), { counted: 1, repeated: clients - 1 });
    assert.deepEqual([(await requireTrial(db, id)).consumed, await findDrift(db, id)], [1, []]);
  },

  async 'converts against hard stops: the buyer ends converted'(race) {
    const { db, clients } = race;
    const id = await begin(race);
    const outcomes = await atOnce(clients, async (index) => {
      const isConvert = index % 2 === 0;
      const event = isConvert
        ? ({ event: 'converted', method: 'card', ref: 'evt_1' } as const)
        : ({ event: 'hard_stopped' } as const);
      const idem_key = isConvert ? 'stripe:evt_1' : 'hard_stop';
      const name = isConvert ? 'convert' : 'stop';
      try {
        const { repeated } = await db
          .transaction()
          .execute((trx) => applyEvent(trx, id, event, { now: MONDAY, actor: 'system', idem_key }));
        return `${name} ${repeated ? 'repeated' : 'done'}`;
      } catch (error) {
        assert.ok(error instanceof PresstimeError && error.kind === 'conflict');
        return `${name} refused`;
      }
    });
    const counts = tally(outcomes);
    assert.deepEqual([counts['convert done'], counts['convert repeated']], [1, clients / 2 - 1]);
    assert.equal((await requireTrial(db, id)).state, 'converted');
    assert.deepEqual(await findDrift(db, id), []);
  },

  async 'leaves are one hold and one row of the audit, beside an edition that is just being counted'(race) {
    const { db, publication, clients } = race;
    const id = await begin(race);
    const { subscriber_id } = await requireTrial(db, id);
    const [before] = await countRows(db, ['audit']);
    const left = { now: MONDAY, how: 'one_click' } as const;
    const [outcomes] = await Promise.all([
      atOnce(clients, async () => (await leave(db, subscriber_id, publication.id, left)).outcome),
      receive(db, publication, id, { editions: 2, after: Temporal.PlainDate.from('2026-11-23') }),
    ]);
    assert.deepEqual(tally(outcomes), { already: clients - 1, left: 1 });
    const [after] = await countRows(db, ['audit']);
    const holds = await db
      .selectFrom('holds')
      .select('id')
      .where('subscriber_id', '=', subscriber_id)
      .execute();
    assert.deepEqual([(after as number) - (before as number), holds.length], [1, 1]);
    assert.equal((await requireTrial(db, id)).state, 'ended');
    assert.deepEqual(await findDrift(db, id), []);
  },

  async 'payments with one reference are one grant'({ db, publication, clients }) {
    const address = `racer-${races++}@reader.test`;
    const paid = { address, first_name: 'Fay', reference: 'inv-7' };
    const given = await atOnce(clients, () => givePaid(db, publication, paid, TOLD));
    assert.deepEqual(tally(given.map(({ outcome }) => outcome)), { already: clients - 1, given: 1 });
    assert.equal(new Set(given.map(({ grant_id }) => grant_id)).size, 1);
  },
};
