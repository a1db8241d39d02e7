import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { composeMail } from '../../src/deliveries/mail/compose-mail.ts';
import { createSigner } from '../../src/deliveries/mail/dkim.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { checkMail, checkMails, type Rules, type Session } from '../support/mail-rules.ts';

// The checker that judges every message of the other tests is itself judged here: each of its rules must be able to fail.

const AT = Temporal.Instant.from('2026-11-23T11:00:00Z');
const { model, variant, blanks } = sampleEdition();
const filled = fillPlate(await makePlate(model, variant), blanks);
const good = await composeMail({
  ...filled,
  from: { name: 'Dome Daily', address: 'daily@dome.test' },
  to: { name: 'Ann', address: 'ann@reader.test' },
  reply_to: null,
  at: AT,
  message_id: '<0123456789abcdef@dome.test>',
  feedback_id: 'dome-daily:trial:regular:dome-daily',
  list: { id: 'dome-daily.dome.test', name: 'Dome Daily', unsubscribe_url: blanks.unsubscribe_url },
  bulk: true,
});
const session: Session = {
  mail_from: 'bounce+abcd-1-1-0123456789abcdef0123@dome.test',
  rcpt_to: ['ann@reader.test'],
  smtputf8: false,
  at: AT,
};
const rules: Rules = {
  kind: 'edition',
  session,
  domain: 'dome.test',
  postal_address: model.publication.postal_address,
  why: blanks.why,
};

const { privateKey } = generateKeyPairSync('ed25519');
const signer = createSigner({
  domain: 'dome.test',
  keys: [{ selector: 's1', key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }],
});

/** The good message with a piece of it replaced; the piece must be there. */
const wrong = (piece: string | RegExp, instead: string, from = good): Buffer => {
  const text = from.toString('latin1');
  const changed = text.replace(piece, () => instead);
  assert.notEqual(changed, text, `${piece} is in the message`);
  return Buffer.from(changed, 'latin1');
};
const LONG = 'x'.repeat(1100);
const unsubscribe = `<${blanks.unsubscribe_url}>`;

test('the good message has no fault, nor has it signed', () => {
  assert.deepEqual(checkMail(good, rules), []);
  assert.deepEqual(checkMail(signer.sign(good), { ...rules, signed: true }), []);
});

const FAULTS: [rule: string, what: string, raw: Buffer, over?: Partial<Rules>][] = [
  ['M1', 'a bare CR', wrong('\r\n\r\n', '\r\n\r\n\rx')],
  ['M1', 'a bare LF', wrong('\r\n\r\n', '\r\n\r\n\nx')],
  ['M1', 'no line end at the end', Buffer.from(good.toString('latin1').trimEnd(), 'latin1')],
  ['M2', 'a line of 1,100 bytes', wrong('\r\n\r\n', `\r\n\r\n${LONG}\r\n`)],
  ['M2', 'a header line that could be folded', wrong('Subject: ', `Subject: ${'word '.repeat(20)}`)],
  ['M3', 'a line that is no field', wrong('Subject: ', 'no field\r\nSubject: ')],
  ...[
    'From',
    'To',
    'Date',
    'Message-ID',
    'Subject',
    'MIME-Version',
    'List-Unsubscribe',
    'List-Unsubscribe-Post',
    'List-ID',
    'Feedback-ID',
  ].flatMap((name): [string, string, Buffer][] => [
    ['M3', `no ${name}`, wrong(new RegExp(`^${name}: .*\\r\\n(?:[ \\t].*\\r\\n)*`, 'm'), '')],
    ['M3', `a second ${name}`, wrong(/^/, `${name}: again\r\n`)],
  ]),
  [
    'M4',
    'a Message-ID of another domain',
    wrong('0123456789abcdef@dome.test>', '0123456789abcdef@localhost>'),
  ],
  [
    'M4',
    'a Message-ID without brackets',
    wrong('<0123456789abcdef@dome.test>', '0123456789abcdef@dome.test'),
  ],
  ['M5', 'a date an hour off', good, { session: { ...session, at: AT.add({ hours: 1 }) } }],
  ['M5', 'a date without a zone', wrong('11:00:00 +0000', '11:00:00')],
  ['M5', 'a date in no known form', wrong(/^Date: .*$/m, 'Date: 2026-11-23T11:00:00Z')],
  ['M6', 'an http link', wrong(unsubscribe, unsubscribe.replace('https:', 'http:'))],
  ['M6', 'two links', wrong(unsubscribe, `${unsubscribe}, <https://dome.test/again>`)],
  ['M6', 'a mailto before the link', wrong(unsubscribe, `<mailto:leave@dome.test>, ${unsubscribe}`)],
  ['M6', 'a link without brackets', wrong(unsubscribe, blanks.unsubscribe_url)],
  ['M7', 'another value', wrong('List-Unsubscribe=One-Click', 'List-Unsubscribe=one-click')],
  [
    'M8',
    'a field that is not signed',
    wrong('feedback-id:feedback-id', 'x-other:x-other', signer.sign(good)),
    { signed: true },
  ],
  ['M9', 'no signature', good, { signed: true }],
  [
    'M9',
    'a signature with SHA-1',
    wrong('a=ed25519-sha256', 'a=rsa-sha1', signer.sign(good)),
    { signed: true },
  ],
  ['M11', 'an l= tag', wrong(' s=s1;', ' s=s1; l=10;', signer.sign(good)), { signed: true }],
  [
    'M11',
    'a signature of another domain',
    wrong('d=dome.test', 'd=relay.test', signer.sign(good)),
    { signed: true },
  ],
  [
    'M12',
    'a return path of another domain',
    good,
    { session: { ...session, mail_from: 'bounce+abcd-1-1-0123456789abcdef0123@relay.test' } },
  ],
  ['M13', 'two addresses in From', wrong('Dome Daily <daily@dome.test>', 'daily@dome.test, eve@eve.test')],
  ['M13', 'a From of another domain', wrong('<daily@dome.test>', '<daily@eve.test>')],
  ['M13', 'an @ in the name', wrong('Dome Daily <', '"ceo@bank.test" <')],
  ['M13', 'a name that should be quoted', wrong('Dome Daily <', 'Dome, Daily <')],
  ['M14', 'a byte outside ASCII in a header', wrong('Dome Daily <', 'D\u00f6me Daily <')],
  ['M14', 'an encoded word that is too long', wrong('To: Ann ', `To: =?utf-8?Q?${'a'.repeat(70)}?= `)],
  [
    'M14',
    'an encoded word that splits a character',
    wrong('To: Ann ', 'To: =?utf-8?Q?=C3?= =?utf-8?Q?=BC?= '),
  ],
  ['M14', 'an encoded word in another charset', wrong('To: Ann ', 'To: =?iso-8859-1?Q?=FC?= ')],
  ['M15', 'a return path for everybody', good, { session: { ...session, mail_from: 'bounce@dome.test' } }],
  ['M15', 'the From as return path', good, { session: { ...session, mail_from: 'daily@dome.test' } }],
  ['M16', 'an edition that does not say it is bulk', wrong('Precedence: bulk', 'X-Other: bulk')],
  ['M16', 'a letter that does not say it is generated', good, { kind: 'letter' }],
  ['M18', 'a Feedback-ID of three fields', wrong('dome-daily:trial:regular:', 'dome-daily:trial:')],
  ['M18', 'a Feedback-ID with a sender too short', wrong(':regular:dome-daily', ':regular:dd')],
  [
    'M18',
    'a Feedback-ID that tells of the reader',
    wrong('dome-daily:trial:', 'annabel:trial:'),
    { session: { ...session, rcpt_to: ['annabel@reader.test'] } },
  ],
  ['M19', 'no alternatives', wrong('multipart/alternative', 'multipart/mixed')],
  ['M19', 'HTML first', wrong('text/plain', 'text/html')],
  ['M19', 'a part in another charset', wrong('text/plain; charset=utf-8', 'text/plain; charset=latin1')],
  [
    'M19',
    'parts that say different things',
    wrong(
      /text\/plain[\s\S]*?\r\n\r\n[\s\S]*?\r\n----_NmP/,
      'text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nBuy now.\r\n----_NmP',
    ),
  ],
  ['M20', 'HTML of 102,000 bytes', wrong('</body>', `${`${'word '.repeat(14)}=\r\n`.repeat(1500)}</body>`)],
  [
    'M20',
    'a message of 150,000 bytes',
    wrong('</body>', `${`${'word '.repeat(14)}=\r\n`.repeat(2300)}</body>`),
  ],
  ['M21', 'a script', wrong('</body>', '<script>1</script></body>')],
  ['M21', 'a form', wrong('</body>', '<form></form></body>')],
  ['M21', 'a frame', wrong('</body>', '<iframe></iframe></body>')],
  ['M21', 'a handler', wrong('</body>', '<p onclick=3D1>x</p></body>')],
  ['M21', 'a javascript: link', wrong('</body>', '<a href=3Djavascript:1>x</a></body>')],
  ['M21', 'an http picture', wrong('</body>', '<img src=3Dhttp://dome.test/x.png></body>')],
  [
    'M21',
    'a link with a name and password',
    wrong('</body>', '<a href=3Dhttps://dome.test@eve.test/>x</a></body>'),
  ],
  ['M21', 'a link to a number', wrong('</body>', '<a href=3Dhttps://10.0.0.1/>x</a></body>')],
  ['M22', 'no postal address', good, { postal_address: '99 Nowhere Road' }],
  ['M22', 'no reason', good, { why: 'You bought a car.' }],
  [
    'M22',
    'an unsubscribe link other than that of the header',
    wrong(unsubscribe, '<https://dome.test/other>'),
  ],
];

for (const [rule, what, raw, over] of FAULTS) {
  test(`${rule} fails: ${what}`, () => {
    const faults = checkMail(raw, { ...rules, ...over });
    assert.ok(
      faults.some((fault) => fault.startsWith(`${rule} `)),
      `${rule} is missing among ${JSON.stringify(faults)}`,
    );
  });
}

test('on this machine alone links may be http, and lead to it', () => {
  const local = wrong('</body>', '<a href=3Dhttp://localhost:3000/x>x</a></body>');
  assert.ok(checkMail(local, rules).some((fault) => fault.startsWith('M21')));
  assert.deepEqual(checkMail(local, { ...rules, local: true }), []);
});

const other: Session = {
  ...session,
  mail_from: 'bounce+abcd-1-2-0123456789abcdef0123@dome.test',
  rcpt_to: ['bob@reader.test'],
};
const forBob = (instead: [string | RegExp, string][] = []) =>
  [
    ...instead,
    ['0123456789abcdef@dome.test>', 'fedcba9876543210@dome.test>'],
    [/Ann <ann@/, 'Bob <bob@'],
    [/ann@reader/g, 'bob@reader'],
  ].reduce<Buffer>((raw, [piece, text]) => wrong(piece as string, text as string, raw), good);

test('among many messages, none shares its Message-ID or holds what belongs to another reader', () => {
  const mine = { raw: good, session };
  const token = blanks.unsubscribe_url.split('/').at(-1) as string;
  const bobs = forBob([[new RegExp(token, 'g'), 'lffff-9-1-bbbbbbbbbbbbbbbbbbbbbb']]);
  assert.deepEqual(
    checkMails([mine, mine, { raw: bobs, session: other }]).filter((fault) => fault.startsWith('M4')),
    [],
  );
  assert.match(checkMails([mine, { raw: good, session: other }]).join(), /M4 two deliveries/);
  assert.match(checkMails([mine, { raw: bobs, session }]).join(), /M4 the delivery .* has two Message-IDs/);
  const leaking = wrong('</body>', '<p>ann@reader.test</p></body>', bobs);
  assert.match(
    checkMails([mine, { raw: leaking, session: other }]).join(),
    /M23 the message to bob@reader.test holds ann@reader.test/,
  );
});
