import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect } from '../../../src/db/connect.ts';
import { MONDAY, seedPublication } from '../../support/cast.ts';
import { freshTarget } from '../../support/database.ts';
import { openSignUp } from '../../support/sign-up.ts';

const db = connect(await freshTarget(), 12);
test.after(() => db.destroy());
const publication = await seedPublication(db);
const { post } = openSignUp(db, publication);
beforeEach(() => db.deleteFrom('sign_ups').execute());

let stranger = 0;
/** A stranger's address at a domain that nobody else has. */
const anyone = () => `ann@office${++stranger}.example`;
const after = (minutes: number) => MONDAY.add({ minutes });
async function posts(count: number, one: (index: number) => Promise<string>): Promise<string[]> {
  const taken: string[] = [];
  for (let index = 0; index < count; index++) taken.push(await one(index));
  return taken;
}
const FIVE = Array<string>(5).fill('taken');

test('a network may send five forms in an hour, whatever they say, and more as the hour passes', async () => {
  const from = (ip: string, minutes = 0) => post(anyone(), { ip }, after(minutes));
  assert.deepEqual(await posts(7, (index) => from('203.0.113.9', index)), [
    ...FIVE,
    'busy_network',
    'busy_network',
  ]);
  assert.equal(await from('203.0.113.10', 6), 'taken');
  assert.equal(await from('203.0.113.9', 59), 'busy_network');
  assert.equal(await from('203.0.113.9', 60), 'taken');
  assert.equal(await from('203.0.113.9', 60), 'busy_network');
});

test('an IPv6 address counts by its /64, an IPv4 one written as IPv6 as what it is, this machine not at all', async () => {
  const six = await posts(6, (index) => post(anyone(), { ip: `2001:db8:1:2:${index}::${index}` }));
  assert.deepEqual(six, [...FIVE, 'busy_network']);
  assert.equal(await post(anyone(), { ip: '2001:db8:1:3::1' }), 'taken');
  const mapped = await posts(6, (index) =>
    post(anyone(), { ip: index % 2 ? '::ffff:198.51.100.1' : '198.51.100.1' }),
  );
  assert.deepEqual(mapped, [...FIVE, 'busy_network']);
  for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1', null])
    assert.deepEqual(new Set(await posts(8, () => post(anyone(), { ip }))), new Set(['taken']));
});

test('an organisation may be asked for twenty times in a day, in any case of its letters, and again the day after', async () => {
  const at = (domain: string, minutes = 0) =>
    posts(22, (index) => post(`ann${index}@${domain}`, {}, after(minutes)));
  const tally = (taken: string[]) => [taken.indexOf('busy_domain'), new Set(taken.slice(20))];
  assert.deepEqual(tally(await at('lobby.example')), [20, new Set(['busy_domain'])]);
  assert.equal(await post('zoe@Lobby.Example'), 'busy_domain');
  assert.equal(await post('zoe@lobby.example', {}, after(24 * 60 - 1)), 'busy_domain');
  assert.equal(await post('zoe@lobby.example', {}, after(24 * 60)), 'taken');
  assert.deepEqual(tally(await at('warner.senate.gov')), [20, new Set(['busy_domain'])]);
  assert.equal(await post('zoe@kaine.senate.gov'), 'taken');
});

test('a domain that strangers share is never full: free mail, and the House with all its offices', async () => {
  for (const domain of ['gmail.com', 'yahoo.com', 'house.gov', 'mail.house.gov'])
    assert.deepEqual(new Set(await posts(25, (index) => post(`ann${index}@${domain}`))), new Set(['taken']));
});

for (const many of [40, 200])
  test(`${many} forms of one network at once, and as many of one organisation, are held to the limit`, async () => {
    const network = `192.0.2.${many}`;
    const [of_network, of_domain] = await Promise.all([
      Promise.all(Array.from({ length: many }, () => post(anyone(), { ip: network }))),
      Promise.all(Array.from({ length: many }, (_, index) => post(`ann${index}@one${many}.example`))),
    ]);
    const taken = (all: string[]) => all.filter((one) => one === 'taken').length;
    assert.deepEqual([taken(of_network), taken(of_domain)], [5, 20]);
  });
