import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { composeMail, type MailParts } from '../../src/deliveries/mail/compose-mail.ts';
import { feedbackId } from '../../src/deliveries/mail/fields.ts';
import { createMessageIds } from '../../src/deliveries/mail/message-id.ts';
import { createReturnPaths } from '../../src/deliveries/mail/return-path.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { decodeWords } from '../support/mail-rules/headers.ts';
import { checkMail } from '../support/mail-rules.ts';
import { headerOf, readRaw } from '../support/raw-mail.ts';

const AT = Temporal.Instant.from('2026-11-23T11:00:00Z');
const { model, variant, blanks } = sampleEdition();
const filled = fillPlate(await makePlate(model, variant), blanks);
const KEY = 'a key of at least thirty-two characters';
const DELIVERY = { run_id: 12, seq: 345 };

const parts = (over: Partial<MailParts> = {}): MailParts => ({
  ...filled,
  from: { name: 'Dome Daily', address: 'daily@dome.test' },
  to: { name: 'Ann', address: 'ann@reader.test' },
  reply_to: null,
  at: AT,
  message_id: createMessageIds([KEY])(DELIVERY, 'dome.test'),
  feedback_id: feedbackId('dome-daily-2026-11-23', 'trial', 'regular', 'dome-daily'),
  list: { id: 'dome-daily.dome.test', name: 'Dome Daily', unsubscribe_url: blanks.unsubscribe_url },
  bulk: true,
  ...over,
});
const rules = {
  kind: 'edition' as const,
  domain: 'dome.test',
  session: {
    mail_from: createReturnPaths([KEY]).address(DELIVERY, 'dome.test'),
    rcpt_to: ['ann@reader.test'],
    smtputf8: false,
    at: AT,
  },
};

test('a composed edition satisfies the rules of mail', async () => {
  const raw = await composeMail(parts());
  assert.deepEqual(
    checkMail(raw, { ...rules, why: blanks.why, postal_address: model.publication.postal_address }),
    [],
  );
  assert.deepEqual(await composeMail(parts()), raw, 'the same parts are the same bytes');
});

test('a letter is auto-generated and no list', async () => {
  const raw = await composeMail(parts({ bulk: false, list: null }));
  assert.deepEqual(checkMail(raw, { ...rules, kind: 'letter' }), []);
  assert.match(raw.toString(), /^Auto-Submitted: auto-generated\r$/m);
  assert.doesNotMatch(raw.toString(), /^List-|^Precedence/m);
});

const HOSTILE = [
  'Lee, Ann',
  'Ann "the desk" Lee',
  'Ann\r\nBcc: eve@eve.test',
  'Ann <eve@eve.test>',
  'eve@eve.test',
  'آنا کریم',
  '李安',
  'Ann\u2028Lee\u0000',
  'a'.repeat(300),
  'Ünïcödé '.repeat(20),
  '=?utf-8?Q?forged?=',
  '👩‍👩‍👧‍👦',
  'back\\slash;(comment)',
  ' ',
];

for (const name of HOSTILE) {
  test(`a name is only ever a name: ${JSON.stringify(name.slice(0, 30))}`, async () => {
    const raw = await composeMail(
      parts({ to: { name, address: 'ann@reader.test' }, from: { name, address: 'daily@dome.test' } }),
    );
    assert.deepEqual(checkMail(raw, rules), []);
    const parsed = await simpleParser(raw);
    assert.deepEqual(
      [parsed.to].flat().flatMap((one) => one?.value.map(({ address }) => address)),
      ['ann@reader.test'],
    );
    assert.deepEqual(
      parsed.from?.value.map(({ address }) => address),
      ['daily@dome.test'],
    );
    assert.equal(parsed.bcc, undefined);
  });
}

test('subjects and names in any script come out as they went in, every encoded word short and whole', async () => {
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(words, words, async (subject, name) => {
      const raw = await composeMail(parts({ subject, to: { name, address: 'ann@reader.test' } }));
      assert.deepEqual(
        checkMail(raw, rules).filter((fault) => !fault.startsWith('M3 0 subject')),
        [],
      );
      const { fields } = readRaw(raw);
      const wanted = subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
      const said = headerOf(fields, 'subject');
      if (!/=\?/.test(wanted))
        assert.equal(decodeWords(said).replace(/\s+/g, ' ').trim(), wanted.replace(/\s+/g, ' '));
    }),
    { numRuns: 60 },
  );
});

test('text and HTML arrive as they were, whatever stands at the beginning or end of a line', async () => {
  const text = '.\n..dots\nFrom the floor\n trailing  \n=3D\n\ttab\n' + 'x'.repeat(3000) + '\nüñ 漢字 🙂\n';
  const parsed = await simpleParser(await composeMail(parts({ text, html: `<p>${text}</p>` })));
  assert.equal(parsed.text?.trimEnd(), text.trimEnd());
  assert.equal((parsed.html as string).trimEnd(), `<p>${text}</p>`.trimEnd());
});

test('what is not one address is refused before anything is made', async () => {
  for (const address of ['a@b.test, c@d.test', 'a@b.test\r\nBcc: c@d.test', 'a b@c.test', 'nobody'])
    await assert.rejects(composeMail(parts({ to: { name: null, address } })), { kind: 'invalid' });
});

test('a Message-ID is the same for the same delivery, another for any other, and stays when a key is put in front', () => {
  const id = createMessageIds([KEY])(DELIVERY, 'dome.test');
  assert.equal(createMessageIds([`new ${KEY}`, KEY])(DELIVERY, 'dome.test'), id);
  const others = [
    { run_id: 12, seq: 346 },
    { run_id: 13, seq: 345 },
    { run_id: 123, seq: 45 },
  ];
  assert.equal(new Set([id, ...others.map((one) => createMessageIds([KEY])(one, 'dome.test'))]).size, 4);
});

test('a return path is read by whoever made it, under any of the keys, in any case, and by nobody else', () => {
  const paths = createReturnPaths([KEY]);
  const address = paths.address(DELIVERY, 'dome.test');
  assert.deepEqual(paths.read(address), DELIVERY);
  assert.deepEqual(paths.read(address.toUpperCase()), DELIVERY);
  assert.deepEqual(createReturnPaths([`new ${KEY}`, KEY]).read(address), DELIVERY);
  assert.equal(createReturnPaths([`new ${KEY}`]).read(address), undefined);
  assert.ok(address.indexOf('@') <= 64);
  const largest = paths.address({ run_id: Number.MAX_SAFE_INTEGER, seq: 2 ** 31 - 1 }, 'dome.test');
  assert.ok(largest.indexOf('@') <= 64);
  assert.deepEqual(paths.read(largest), { run_id: Number.MAX_SAFE_INTEGER, seq: 2 ** 31 - 1 });
  for (let place = 7; place < address.indexOf('@'); place++) {
    const forged = `${address.slice(0, place)}${address[place] === '0' ? '1' : '0'}${address.slice(place + 1)}`;
    assert.equal(paths.read(forged), undefined, forged);
  }
  for (const other of ['', 'daily@dome.test', 'bounce+@dome.test', `x${address}`])
    assert.equal(paths.read(other), undefined);
});

test('a Feedback-ID has four fields and a sender of five to fifteen characters', () => {
  assert.equal(
    feedbackId('Dome 2026-11-23', 'trial', 'regular', 'dome-daily'),
    'dome-2026-11-23:trial:regular:dome-daily',
  );
  assert.equal(feedbackId('a', 'b', 'c', 'hi').split(':')[3], 'hi000');
  assert.equal(feedbackId('a', 'b', 'c', 'a-very-long-name-indeed').split(':')[3]?.length, 15);
});
