import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSendingSettings, readSendingSettings } from '../../src/deliveries/relays/settings.ts';

const EXAMPLE = join(import.meta.dirname, '../../docs/relays.example.json');
const parse = (file: unknown) => parseSendingSettings(JSON.stringify(file), { place: 'relays.json' });

test('the example in the documents is taken as it stands', () => {
  const { relays, domains, breaker } = readSendingSettings({ RELAYS_FILE: EXAMPLE, SMTP_URL: undefined });
  assert.deepEqual(
    relays.map(({ name, weight, connections, lane }) => [name, weight, connections, lane]),
    [
      ['main', 3, 8, 'auto'],
      ['new-address', 1, 4, 'plain'],
    ],
  );
  assert.equal(String(relays[1]?.warm_up?.from), '2026-11-23');
  assert.deepEqual(domains[1], { domain: ['college.example', 'alumni.example'], connections: 2 });
  assert.deepEqual(breaker, JSON.parse(readFileSync(EXAMPLE, 'utf8')).breaker);
  assert.deepEqual(breaker, parse({ relays: [{ name: 'a', url: 'smtp://a.test' }] }).breaker, 'the defaults');
});

test('SMTP_URL alone is one relay without limits', () => {
  const { relays, domains } = readSendingSettings({
    SMTP_URL: 'smtp://mail.dome.test:587',
    RELAYS_FILE: undefined,
  });
  assert.deepEqual(relays, [
    { name: 'relay', url: 'smtp://mail.dome.test:587', weight: 1, connections: 4, lane: 'auto' },
  ]);
  assert.deepEqual(domains, []);
});

test('every problem of the file is named at once, with its place, and no password is shown', () => {
  const wrong = {
    relays: [
      { name: 'Main Relay', url: 'http://user:secret@relay.test', weight: 0, lane: 'quick' },
      {
        name: 'b',
        url: 'smtp://b.test',
        connections: 2.5,
        warm_up: { from: 'soon', first_day: 0, growth: 1 },
      },
      { name: 'b', url: 'smtp://b.test', speed: 9 },
    ],
    domains: [
      { domain: 'Gmail.com', per_second: 1 },
      { domain: 'a.test' },
      { domain: ['a.test'], connections: 1 },
    ],
    breaker: { refusals_percent: 200 },
  };
  assert.throws(
    () => parse(wrong),
    (error: Error & { kind: string }) => {
      assert.equal(error.kind, 'invalid');
      for (const part of [
        'relays[0].name: "Main Relay"; expected small letters',
        'relays[0].url: no mail server; expected smtp://',
        'relays[0].weight: 0; expected over 0',
        'relays[0].lane: "quick"; expected auto, plain or fast',
        'relays[1].connections: 2.5; expected a whole number',
        'relays[1].warm_up.from: "soon"; expected a date',
        'relays[1].warm_up.first_day: 0; expected at least 1',
        'relays[1].warm_up.growth: 1; expected a factor',
        'relays[1].warm_up.until: missing; expected a whole number',
        'relays[2].speed: not known here',
        'relays[2].name: b is named twice',
        'domains[0].domain: "Gmail.com"; expected a domain in small letters',
        'domains[1]: needs connections, per_second, or both',
        'domains[2].domain: a.test is named twice',
        'breaker.refusals_percent: 200; expected at most 100',
      ])
        assert.ok(error.message.includes(part), `${part} in ${error.message}`);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});

test('what cannot be read is named with the setting that asks for it', () => {
  const gone = { RELAYS_FILE: '/nowhere/relays.json', SMTP_URL: undefined };
  assert.throws(() => readSendingSettings(gone), /RELAYS_FILE: cannot read \/nowhere\/relays\.json/);
  const relay = { name: 'a', url: 'smtp://a.test', ca_file: '/nowhere/ca.pem' };
  assert.throws(() => parse({ relays: [relay] }), /ca_file of relay a: cannot read \/nowhere\/ca\.pem/);
  assert.throws(
    () => parseSendingSettings('{', { place: 'relays.json' }),
    /relays\.json is no JSON.*a file of relays/,
  );
});

test("a relay's certificate authority is read from the file it names", () => {
  const ca_file = join(import.meta.dirname, '../fixtures/tls/cert.pem');
  const [relay] = parse({ relays: [{ name: 'a', url: 'smtp://a.test', ca_file }] }).relays;
  assert.equal(relay?.ca, readFileSync(ca_file, 'utf8'));
});
