import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { createSigner } from '../../src/deliveries/mail/dkim.ts';
import {
  checkPublishedKeys,
  type ResolveTxt,
  requirePublishedKeys,
} from '../../src/deliveries/mail/published-keys.ts';
import { silentLog } from '../../src/log.ts';
import { publicRecord } from '../support/verify-mail.ts';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EDWARDS = generateKeyPairSync('ed25519');
const OTHER = generateKeyPairSync('ed25519');
const pem = ({ privateKey }: typeof RSA) => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const signer = createSigner({
  domain: 'dome.test',
  keys: [
    { selector: 'big', key: pem(RSA) },
    { selector: 'small', key: pem(EDWARDS) },
  ],
});
const [big, small] = [publicRecord(RSA.publicKey), publicRecord(EDWARDS.publicKey)];

/** DNS as it would answer: the records of each selector, or the code it fails with. */
const dns =
  (answers: Record<string, string[] | string>): ResolveTxt =>
  async (name) => {
    const answer = answers[name.replace('._domainkey.dome.test', '')] ?? 'ENOTFOUND';
    if (typeof answer === 'string') throw Object.assign(new Error(`queryTxt ${answer}`), { code: answer });
    return answer.map((record) => record.match(/.{1,255}/g) as string[]);
  };
const states = async (answers: Record<string, string[] | string>) =>
  (await checkPublishedKeys(signer, dns(answers))).map(({ state }) => state);

/** A log that keeps its warnings. */
function noteWarnings() {
  const warned: string[] = [];
  const log = Object.assign(silentLog(), { warn: (text: string) => void warned.push(text) });
  return { log, warned };
}

test('keys that DNS publishes, in pieces or with blanks and other tags, let the start go on without a word', async () => {
  const { log, warned } = noteWarnings();
  const written = {
    big: [`${big.replace('p=', 'p= ')}; t=y`, 'v=spf1 -all'],
    small: [`h=sha1:sha256; ${small}`],
  };
  await requirePublishedKeys(signer, { resolveTxt: dns(written), log });
  await requirePublishedKeys(undefined, { resolveTxt: dns({}), log });
  assert.deepEqual(warned, []);
});

for (const [what, record, state] of [
  ['no such name', 'ENOTFOUND', 'missing'],
  ['no TXT record', 'ENODATA', 'missing'],
  ['a record of something else', ['v=spf1 -all'], 'missing'],
  ['a revoked key', ['v=DKIM1; k=ed25519; p='], 'revoked'],
  ['another key', [publicRecord(OTHER.publicKey)], 'other'],
  ['the right key under the wrong type', [small.replace('k=ed25519', 'k=rsa')], 'other'],
  ['a key for SHA-1 alone', [`${small}; h=sha1`], 'other'],
  ['a key that is not for mail', [`${small}; s=tlsrpt`], 'other'],
  ['two records', [small, publicRecord(OTHER.publicKey)], 'other'],
] as const) {
  test(`the start stops, with the record to publish, where DNS has ${what}`, async () => {
    const answers = { big: [big], small: typeof record === 'string' ? record : [...record] };
    assert.deepEqual(await states(answers), ['published', state]);
    await assert.rejects(
      requirePublishedKeys(signer, { resolveTxt: dns(answers), log: silentLog() }),
      (error: Error & { kind: string }) => {
        assert.equal(error.kind, 'invalid');
        assert.ok(error.message.includes('small._domainkey.dome.test'), error.message);
        assert.ok(error.message.includes(`expected the TXT record ${small}`), error.message);
        return !error.message.includes(big);
      },
    );
  });
}

test('where DNS does not answer the log is warned of each key, and the start goes on', async () => {
  const { log, warned } = noteWarnings();
  assert.deepEqual(await states({ big: 'ETIMEOUT', small: 'ESERVFAIL' }), ['unknown', 'unknown']);
  await requirePublishedKeys(signer, { resolveTxt: dns({ big: 'ETIMEOUT', small: 'ESERVFAIL' }), log });
  assert.equal(warned.length, 2);
  assert.match(
    warned[0] as string,
    /not known: DNS does not answer for big\._domainkey\.dome\.test.*ETIMEOUT/,
  );
});
