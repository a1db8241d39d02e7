import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { composeMail, type MailParts } from '../../src/deliveries/mail/compose-mail.ts';
import { createSigner, isAligned, readSigner } from '../../src/deliveries/mail/dkim.ts';
import { checkSignatures } from '../support/mail-rules/signatures.ts';
import { readRaw } from '../support/raw-mail.ts';
import { publicRecord, verifyMail } from '../support/verify-mail.ts';

const KEYS = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ed25519: generateKeyPairSync('ed25519'),
};
const pem = (name: keyof typeof KEYS): string =>
  KEYS[name].privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const signer = (name: keyof typeof KEYS) =>
  createSigner({ domain: 'dome.test', keys: [{ selector: name, key: pem(name) }] });
const records = {
  'rsa._domainkey.dome.test': publicRecord(KEYS.rsa.publicKey),
  'ed25519._domainkey.dome.test': publicRecord(KEYS.ed25519.publicKey),
};

const PARTS: MailParts = {
  from: { name: 'Dome Daily', address: 'daily@dome.test' },
  to: { name: 'Ann', address: 'ann@reader.test' },
  reply_to: 'desk@dome.test',
  subject: 'Stopgap bill slips to Thursday',
  html: `<p>${'A line of the story, with  two blanks. '.repeat(40)}</p>`,
  text: 'A line.  \r\n.\r\n\r\nAnother line.\r\n\r\n\r\n',
  at: Temporal.Instant.from('2026-11-23T11:00:00Z'),
  message_id: '<abc@dome.test>',
  feedback_id: 'dome-daily-2026-11-23:paid:regular:dome-daily',
  list: {
    id: 'dome-daily.dome.test',
    name: 'Dome Daily',
    unsubscribe_url: 'https://news.dome.test/leave/l1',
  },
  bulk: true,
};

for (const name of ['rsa', 'ed25519'] as const) {
  test(`a message signed with ${name} passes, and names every field that matters`, async () => {
    const raw = signer(name).sign(await composeMail(PARTS));
    assert.deepEqual(await verifyMail(raw, records), [{ result: 'pass', domain: 'dome.test' }]);
    const rules = {
      kind: 'edition',
      domain: 'dome.test',
      signed: true,
      session: undefined as never,
    } as const;
    assert.deepEqual(checkSignatures(readRaw(raw), rules), []);
    for (const line of raw.toString('latin1').split('\r\n'))
      assert.ok(line.length <= 78 || !line.startsWith(' '), line);
  });

  test(`any changed byte of a signed field or the body breaks the signature of ${name}`, async () => {
    const raw = signer(name).sign(await composeMail(PARTS));
    const text = raw.toString('latin1');
    const spots = [
      'From: ',
      'To: ',
      'Subject: ',
      'List-Unsubscribe: <',
      'List-Unsubscribe-Post: ',
      'Feedback-ID: ',
      'story',
    ]
      .map((mark) => text.indexOf(mark) + mark.length)
      .concat(text.length - 8);
    for (const spot of spots) {
      const changed = Buffer.from(raw);
      changed[spot] = changed[spot] === 0x78 ? 0x79 : 0x78;
      const [verdict] = await verifyMail(changed, records);
      assert.notEqual(verdict?.result, 'pass', `changed ${JSON.stringify(text.slice(spot - 12, spot + 4))}`);
    }
  });

  test(`a second From, Subject, To or List-Unsubscribe put in front breaks the signature of ${name}`, async () => {
    const raw = signer(name).sign(await composeMail(PARTS));
    for (const field of [
      'From: Eve <eve@dome.test>',
      'Subject: Win',
      'To: eve@dome.test',
      'List-Unsubscribe: <https://eve.test/>',
      'Reply-To: eve@eve.test',
      'Cc: eve@eve.test',
    ]) {
      const [verdict] = await verifyMail(Buffer.concat([Buffer.from(`${field}\r\n`), raw]), records);
      assert.notEqual(verdict?.result, 'pass', field);
    }
  });
}

test('whatever stands in a message, its signature passes', async () => {
  const rsa = signer('rsa');
  const words = fc.string({ unit: 'grapheme', maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(words, words, words, async (subject, name, text) => {
      const raw = rsa.sign(
        await composeMail({
          ...PARTS,
          subject,
          from: { ...PARTS.from, name },
          text: `${text}\n`,
          html: `<p>${text}</p>`,
        }),
      );
      const [verdict] = await verifyMail(raw, records);
      assert.equal(verdict?.result, 'pass');
    }),
    { numRuns: 60 },
  );
});

test('a key that cannot sign, is too small, or is none stops the start', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const publicKey = KEYS.rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const at = (key: string) => () => createSigner({ domain: 'dome.test', keys: [{ selector: 's', key }] });
  assert.throws(at(small), /has 1024 bits; expected at least 2048/);
  assert.throws(at(curve), /is of type ec; expected rsa or ed25519/);
  assert.throws(at(publicKey), /cannot sign; expected an RSA or Ed25519 private key in PEM/);
  assert.throws(at('hello'), { kind: 'invalid' });
  assert.throws(at(pem('rsa').slice(0, 400)), { kind: 'invalid' });
});

test('the configured key file is read at the start; where signing is not configured there is no signer', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dkim-')), 'key.pem');
  writeFileSync(file, pem('ed25519'));
  const config = { DKIM_DOMAIN: 'dome.test', DKIM_SELECTOR: ['s1'], DKIM_KEY_FILE: [file] };
  assert.equal(readSigner(config)?.domain, 'dome.test');
  assert.equal(readSigner({}), undefined);
  assert.throws(
    () => readSigner({ ...config, DKIM_KEY_FILE: [`${file}.gone`] }),
    /DKIM_KEY_FILE .*\.gone cannot be read/,
  );
});

test('a signature speaks for its own domain and those below it', () => {
  assert.equal(isAligned('dome.test', 'dome.test'), true);
  assert.equal(isAligned('dome.test', 'News.Dome.Test'), true);
  assert.equal(isAligned('news.dome.test', 'dome.test'), false);
  assert.equal(isAligned('ome.test', 'dome.test'), false);
});
