import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAuth } from '../../src/accounts/library/auth.ts';
import { hashPassword, verifyPassword } from '../../src/accounts/library/password-hash.ts';
import { MONDAY, SECRET_KEYS } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { PUBLIC_URL } from '../support/press-room.ts';

const db = await freshDatabase();
const means = { now: MONDAY, secretKeys: SECRET_KEYS, publicUrl: PUBLIC_URL };

test('our tables are those that better-auth writes, by its own comparison', async () => {
  const { explicitSchemaCheck } = await (await openAuth(db, means)).$context;
  assert.ok(explicitSchemaCheck);
  await explicitSchemaCheck();
});

test('better-auth sends nothing home, serves nothing, and trusts no header but ours', async () => {
  const { options, rateLimit } = await (await openAuth(db, means)).$context;
  assert.equal(options.telemetry?.enabled, false);
  assert.equal(rateLimit.enabled, false);
  assert.deepEqual(options.advanced?.ipAddress?.ipAddressHeaders, ['x-presstime-client']);
});

test('a password is hashed by Argon2id under a salt of its own, and known again however its letters were composed', async () => {
  const [one, two] = await Promise.all([hashPassword('passwört, long'), hashPassword('passwört, long')]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.notEqual(one, two);
  assert.equal(await verifyPassword(one, 'passwört, long'.normalize('NFD')), true);
  assert.equal(await verifyPassword(one, 'passwort, long'), false);
  await assert.rejects(verifyPassword('$2b$10$what', 'x'), /no Argon2id hash/);
});

test('hashes wait for their turn, and when too many wait the next is told so', async () => {
  const asked = Array.from({ length: 203 }, () =>
    verifyPassword('$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$dGFnZw', 'x').then(String, ({ kind }) => kind),
  );
  const answers = await Promise.all(asked);
  assert.deepEqual(
    [
      answers.filter((answer) => answer === 'unavailable').length,
      answers.filter((answer) => answer === 'false').length,
    ],
    [1, 202],
  );
});
