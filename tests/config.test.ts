import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../src/config.ts';

const GOOD = {
  DATABASE_URL: 'postgres://news:pw@db.internal/presstime',
  SMTP_URL: 'smtps://relay:pw@mail.dome.test:465',
  PUBLIC_URL: 'https://news.dome.test/',
  SECRET_KEY: 'a'.repeat(32),
};

test('four settings are all that production needs', () => {
  const config = parseConfig(GOOD);
  assert.equal(config.PUBLIC_URL, 'https://news.dome.test');
  assert.deepEqual(config.SECRET_KEY, ['a'.repeat(32)]);
  assert.equal(config.ALLOW_LOOPBACK_FEEDS, false);
});

test('every missing and malformed setting is reported at once, by name, with what was expected', () => {
  const wrong = { SMTP_URL: 'mail.dome.test', SECRET_KEY: 'short', PORT: 'eighty', DKIM_DOMAIN: 'dome.test' };
  assert.throws(
    () => parseConfig(wrong),
    (error: Error) => {
      for (const part of [
        'DATABASE_URL: missing; expected postgres://',
        'SMTP_URL: expected smtp://',
        'PUBLIC_URL: missing; expected the address',
        'SECRET_KEY: expected at least 32 characters',
        'PORT: expected a port number',
      ]) {
        assert.ok(error.message.includes(part), `${part} in ${error.message}`);
      }
      return true;
    },
  );
});

test('a file of relays stands in for the one mail server, and without either that is named with all else', () => {
  const rest = { ...GOOD, SMTP_URL: undefined };
  assert.match(parseConfig({ ...rest, RELAYS_FILE: 'relays.json' }).RELAYS_FILE ?? '', /^\/.*relays\.json$/);
  assert.throws(() => parseConfig(rest), /1 problem\n {2}SMTP_URL: missing; expected smtp:.*RELAYS_FILE/);
  assert.throws(() => parseConfig({}), /DATABASE_URL: missing[\s\S]*SMTP_URL: missing; expected smtp:/);
});

test('half of a DKIM configuration names the missing half', () => {
  assert.throws(
    () => parseConfig({ ...GOOD, DKIM_DOMAIN: 'dome.test' }),
    /DKIM_SELECTOR: missing.*\n.*DKIM_KEY_FILE: missing/,
  );
});

test('an empty value counts as missing', () => {
  assert.throws(() => parseConfig({ ...GOOD, SECRET_KEY: ' ' }), /SECRET_KEY: missing/);
});

test('plain http is taken for loopback alone', () => {
  assert.throws(
    () => parseConfig({ ...GOOD, PUBLIC_URL: 'http://news.dome.test' }),
    /PUBLIC_URL: expected https:/,
  );
  assert.equal(
    parseConfig({ ...GOOD, PUBLIC_URL: 'http://127.0.0.1:3000' }).PUBLIC_URL,
    'http://127.0.0.1:3000',
  );
});

test('older keys may follow the one that signs', () => {
  const keys = ['b'.repeat(40), 'a'.repeat(32)];
  assert.deepEqual(parseConfig({ ...GOOD, SECRET_KEY: keys.join(', ') }).SECRET_KEY, keys);
});
