import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { readWhole } from '../../src/deliveries/lanes/lane.ts';
import { composeMail } from '../../src/deliveries/mail/compose-mail.ts';
import { createSigner } from '../../src/deliveries/mail/dkim.ts';
import { compileSplice } from '../../src/deliveries/mail/splice/splice.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { checkSignatures } from '../support/mail-rules/signatures.ts';
import { hasPythonDkim, verifyByPython } from '../support/python-dkim.ts';
import { readRaw } from '../support/raw-mail.ts';
import { publicRecord, verifyMail } from '../support/verify-mail.ts';

const KEYS = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ed25519: generateKeyPairSync('ed25519'),
};
const pem = ({ privateKey }: { privateKey: KeyObject }) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const signer = createSigner({
  domain: 'dome.test',
  keys: [
    { selector: 's-rsa', key: pem(KEYS.rsa) },
    { selector: 's-ed', key: pem(KEYS.ed25519) },
  ],
});
const records = {
  's-rsa._domainkey.dome.test': publicRecord(KEYS.rsa.publicKey),
  's-ed._domainkey.dome.test': publicRecord(KEYS.ed25519.publicKey),
};

const { model, variant, blanks } = sampleEdition();
const plate = await makePlate(model, variant);
const sender = {
  from: { name: 'Dome Daily', address: 'daily@dome.test' },
  reply_to: 'desk@dome.test',
  list: { id: 'dome-daily.dome.test', name: 'Dome Daily' },
  bulk: true,
};
const splice = compileSplice(plate, sender, signer);
const readerOf = (name: string) => ({
  to: { name, address: 'ann@reader.test' },
  at: Temporal.Instant.from('2026-11-23T11:00:00Z'),
  message_id: '<0123456789abcdef@dome.test>',
  feedback_id: 'dome-daily-2026-11-23:trial:regular:dome-daily',
  list: { unsubscribe_url: blanks.unsubscribe_url },
});
const NAMES = ['Ann', '', 'Ünïcödé '.repeat(8), '李安 "the desk" O\u2019Neil', '.', 'From me =20', 'אבג'];
const spliced = NAMES.map((name) =>
  readWhole(splice.fill(readerOf(name), { ...blanks, first_name: name, why: `${name} . 1 = 1` })),
);
const good = spliced[0] as Buffer;
const composed = signer.sign(
  await composeMail({
    ...sender,
    ...readerOf('Ann'),
    list: { ...sender.list, unsubscribe_url: blanks.unsubscribe_url },
    ...fillPlate(plate, blanks),
  }),
);

const SKIP = hasPythonDkim() ? false : "Python's dkim with nacl is not on this machine";
const PASS = { result: 'pass', domain: 'dome.test' };
/** The verdicts of mailauth, that of RSA first. */
const verdicts = async (raw: Buffer) => (await verifyMail(raw, records)).map(({ result }) => result);

/** Changed at many places of every signed field and all over the body, and with a second one of a field in front. */
function forgeries(raw: Buffer): { what: string; raw: Buffer }[] {
  const text = raw.toString('latin1');
  const head = text.indexOf('\r\n\r\n') + 2;
  const fields = [...text.slice(0, head).matchAll(/^[A-Z][\w-]+: (?:.*\r\n)(?:[ \t].*\r\n)*/gm)]
    .filter(([field]) => !field.startsWith('DKIM-'))
    .flatMap(({ 0: field, index }) => {
      const value = field.indexOf(': ') + 2;
      return [value, Math.floor((value + field.length) / 2), field.length - 3].map((place) => index + place);
    });
  const body = Array.from(
    { length: 40 },
    (_, nth) => head + 2 + nth * Math.floor((text.length - head - 4) / 40),
  );
  const places = [...fields, ...body].filter((place) => /\S/.test(text[place] as string));
  const changed = places.map((place) => {
    const bytes = Buffer.from(raw);
    bytes[place] = text[place] === 'x' ? 0x79 : 0x78;
    return { what: `changed at ${JSON.stringify(text.slice(place - 12, place + 4))}`, raw: bytes };
  });
  const doubled = SECOND.map((field) => ({
    what: field,
    raw: Buffer.concat([Buffer.from(`${field}\r\n`), raw]),
  }));
  return [...changed, ...doubled];
}

const SECOND = [
  'From: Eve <eve@dome.test>',
  'Subject: Win',
  'List-Unsubscribe: <https://eve.test/>',
  'To: eve@dome.test',
  'Date: Mon, 23 Nov 2026 12:00:00 +0000',
  'Message-ID: <eve@dome.test>',
  'Reply-To: eve@eve.test',
  'Cc: eve@eve.test',
  'MIME-Version: 1.0',
  'Content-Type: text/html',
  'List-ID: <eve.test>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'Feedback-ID: a:b:c:defgh',
  'Precedence: list',
  'Auto-Submitted: auto-replied',
];

test('both signatures of every spliced message pass, whoever the reader, and name every field that matters', async () => {
  for (const raw of [...spliced, composed]) {
    assert.deepEqual(await verifyMail(raw, records), [PASS, PASS]);
    const rules = {
      kind: 'edition',
      domain: 'dome.test',
      signed: true,
      session: undefined as never,
    } as const;
    assert.deepEqual(checkSignatures(readRaw(raw), rules), []);
    assert.match(
      raw.toString('latin1'),
      /^DKIM-Signature: v=1; a=rsa-sha256;[\s\S]+^DKIM-Signature: v=1; a=ed25519-sha256;/m,
    );
  }
});

test("both signatures pass to Python's dkim too", { skip: SKIP }, () => {
  for (const verdict of verifyByPython([...spliced, composed], records))
    assert.deepEqual(verdict, [true, true]);
});

test('the spliced message is signed as the same bytes are by the signer of whole messages', () => {
  const unsigned = readWhole(compileSplice(plate, sender).fill(readerOf('Ann'), blanks));
  const signed = splice.fill(readerOf('Ann'), blanks);
  assert.deepEqual(readWhole(signed), signer.sign(unsigned));
  assert.deepEqual(readWhole(signed), readWhole(signed), 'the same each time');
  assert.equal(readWhole(signed).length, signed.most_bytes);
});

test('changing any byte of a signed field or the body, or putting a second field in front, fails both', async () => {
  const forged = forgeries(good);
  assert.ok(forged.length > 70, `${forged.length} forgeries`);
  for (const { what, raw } of forged) {
    const [rsa, edwards] = await verdicts(raw);
    assert.ok(rsa !== 'pass' && edwards !== 'pass', `${what}: ${rsa}, ${edwards}`);
  }
});

test("and to Python's dkim too", { skip: SKIP }, () => {
  const forged = forgeries(good);
  const found = verifyByPython(
    forged.map(({ raw }) => raw),
    records,
  );
  assert.deepEqual(
    forged.filter((_, place) => found[place]?.includes(true)).map(({ what }) => what),
    [],
  );
});
