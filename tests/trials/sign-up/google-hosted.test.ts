import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import { SetClock } from '../../../src/clock.ts';
import type { Schema } from '../../../src/db/schema.ts';
import { silentLog } from '../../../src/log.ts';
import { createGoogleHosted, type ResolveMx } from '../../../src/trials/sign-up/google-hosted.ts';
import { requestTrial } from '../../../src/trials/sign-up/request.ts';
import { MONDAY, SECRET_KEYS, seedPublication } from '../../support/cast.ts';
import { freshDatabase } from '../../support/database.ts';
import { signUpForm } from '../../support/sign-up.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const MX: Record<string, string> = {
  'new.example': 'smtp.google.com',
  'old.example': 'ASPMX.L.GOOGLE.COM.',
  'older.example': 'aspmx2.googlemail.com',
  'other.example': 'mx.other.example',
  'sly.example': 'google.com.sly.example',
  'slier.example': 'notgoogle.com',
};
function open(over: Partial<Parameters<typeof createGoogleHosted>[0]> = {}) {
  const asked: string[] = [];
  const resolveMx: ResolveMx = async (domain) => {
    asked.push(domain);
    const exchange = MX[domain];
    if (!exchange) throw Object.assign(new Error(`queryMx ENOTFOUND ${domain}`), { code: 'ENOTFOUND' });
    return [{ exchange: 'backup.example' }, { exchange }];
  };
  const clock = new SetClock(MONDAY);
  return {
    asked,
    clock,
    isGoogleHosted: createGoogleHosted({ resolveMx, clock, log: silentLog(), ...over }),
  };
}
const ask = async (address: string, isGoogleHosted?: (domain: string) => Promise<boolean>) =>
  (
    await requestTrial(db, publication, signUpForm(address), {
      now: MONDAY,
      secretKeys: SECRET_KEYS,
      ...(isGoogleHosted && { isGoogleHosted }),
    })
  ).outcome;

test('a domain is Google-hosted by its mail servers, whatever its own name is', async () => {
  const { isGoogleHosted } = open();
  const answers = await Promise.all([...Object.keys(MX), 'nowhere.example'].map(isGoogleHosted));
  assert.deepEqual(answers, [true, true, true, false, false, false, false]);
});

test('what DNS said is kept for six hours, a failure too', async () => {
  const { asked, clock, isGoogleHosted } = open();
  for (let time = 0; time < 3; time++)
    for (const domain of ['new.example', 'nowhere.example']) await isGoogleHosted(domain);
  assert.deepEqual(asked, ['new.example', 'nowhere.example']);
  clock.set(String(MONDAY.add({ hours: 6 })));
  await isGoogleHosted('new.example');
  assert.equal(asked.length, 3);
});

test('DNS that does not answer is waited for as long as it may take and no longer, and asked once', async () => {
  let asked = 0;
  const silent: ResolveMx = () => {
    asked++;
    return new Promise(() => {});
  };
  const { isGoogleHosted } = open({ resolveMx: silent, timeout_ms: 20 });
  const alive = setInterval(() => {}, 1000);
  assert.deepEqual(await Promise.all(['slow.example', 'slow.example'].map(isGoogleHosted)), [false, false]);
  clearInterval(alive);
  assert.equal(asked, 1);
});

test('a +tag is the same person where Google has the mail, and another where not; dots are kept', async () => {
  const { isGoogleHosted } = open();
  assert.equal(await ask('ann@new.example', isGoogleHosted), 'requested');
  assert.equal(await ask('Ann+2@new.example', isGoogleHosted), 'already');
  assert.equal(await ask('a.nn@new.example', isGoogleHosted), 'requested');
  assert.equal(await ask('bob+1@old.example', isGoogleHosted), 'requested');
  assert.equal(await ask('bob@old.example', isGoogleHosted), 'already');
  assert.equal(await ask('cleo@other.example', isGoogleHosted), 'requested');
  assert.equal(await ask('cleo+2@other.example', isGoogleHosted), 'requested');
  const letters = await db.selectFrom('letters').select('id').execute();
  assert.equal(letters.length, 5);
});

test('DNS is asked only where another spelling of the address has had its trial', async () => {
  const { asked, isGoogleHosted } = open();
  await ask('ann@new.example', isGoogleHosted);
  await ask('ann@new.example', isGoogleHosted);
  await ask('bob+1@new.example', isGoogleHosted);
  assert.deepEqual(asked, []);
  await ask('bob+2@new.example', isGoogleHosted);
  assert.deepEqual(asked, ['new.example']);
});
