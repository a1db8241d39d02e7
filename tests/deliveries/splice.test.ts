import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readWhole } from '../../src/deliveries/lanes/lane.ts';
import { canonicalBody, splitMessage } from '../../src/deliveries/mail/canonical.ts';
import { composeMail } from '../../src/deliveries/mail/compose-mail.ts';
import type { ReaderParts } from '../../src/deliveries/mail/fields.ts';
import { findDifferences } from '../../src/deliveries/mail/prove-splice.ts';
import { compileSplice } from '../../src/deliveries/mail/splice/splice.ts';
import { fillPlate, makePlate, type Plate, type ReaderBlanks } from '../../src/messages/plate.ts';
import { arabicEdition, fullestEdition, sampleEdition } from '../support/edition-model.ts';
import { decodeWords } from '../support/mail-rules/headers.ts';
import { checkMail, checkMails } from '../support/mail-rules.ts';
import { readRaw } from '../support/raw-mail.ts';

const AT = Temporal.Instant.from('2026-11-23T11:00:00Z');
const { model, variant, blanks } = sampleEdition();
const plate = await makePlate(model, variant);
const mailing = {
  from: { name: 'Dome Daily', address: 'daily@dome.test' },
  reply_to: 'desk@dome.test',
  list: { id: 'dome-daily.dome.test', name: 'Dome Daily' },
  bulk: true,
};

const readerParts = (filled: ReaderBlanks, over: Partial<ReaderParts> = {}): ReaderParts => ({
  to: { name: filled.first_name, address: filled.address },
  at: AT,
  message_id: '<0123456789abcdef@dome.test>',
  feedback_id: 'dome-daily-2026-11-23:trial:regular:dome-daily',
  list: filled,
  ...over,
});
const rules = (to = blanks.address, seq = 1) => ({
  kind: 'edition' as const,
  domain: 'dome.test',
  session: {
    mail_from: `bounce+abcd-1-${seq}-0123456789abcdef0123@dome.test`,
    rcpt_to: [to],
    smtputf8: /[^\p{ASCII}]/u.test(to),
    at: AT,
  },
});

type Both = { spliced: Buffer; plain: Buffer };

async function makeBoth(
  from: Plate,
  filled: ReaderBlanks,
  over: Partial<typeof mailing> = {},
): Promise<Both> {
  const sender = { ...mailing, ...over };
  const reader = readerParts(filled);
  const list = { ...sender.list, unsubscribe_url: filled.unsubscribe_url };
  return {
    spliced: readWhole(compileSplice(from, sender).fill(reader, filled)),
    plain: await composeMail({ ...sender, ...reader, list, ...fillPlate(from, filled) }),
  };
}

/** The header as a receiver reads it: unfolded, decoded, quotes dropped, but for the boundary. */
const said = (raw: Buffer): string[] =>
  readRaw(raw)
    .fields.map(({ name, value }) => `${name}: ${decodeWords(Buffer.from(value, 'latin1').toString())}`)
    .map((line) =>
      line
        .replace(/;\s*boundary=.*$/, '')
        .replace(/["\\\s]+/g, ' ')
        .trim(),
    )
    .sort();

const decoded = (raw: Buffer) =>
  readRaw(raw).parts.map(({ type, charset, decoded: text }) => ({ type, charset, text }));

async function assertEqual({ spliced, plain }: Both): Promise<void> {
  assert.deepEqual(said(spliced), said(plain));
  assert.deepEqual(decoded(spliced), decoded(plain));
  assert.deepEqual(await findDifferences(plain, spliced), []);
  assertSafe(spliced);
}

/** What no server, and no canonicalisation of DKIM, has a reason to change. */
function assertSafe(raw: Buffer): void {
  const { body } = splitMessage(raw);
  assert.ok(canonicalBody(body).equals(body), 'relaxed and simple are the same bytes');
  const lines = body.toString('latin1').split('\r\n');
  assert.deepEqual(
    lines.filter((line) => line.length > 76 || /^\.|^From |[^ -~]/.test(line)),
    [],
  );
}

for (const [name, edition] of [
  ['the sample', model],
  ['the fullest', fullestEdition()],
  ['one in Arabic', arabicEdition()],
] as const) {
  test(`a spliced message says what the plainly composed one says: ${name}`, async () => {
    for (const place of ['plain', 'strip-top', 'strip-foot'] as const) {
      const both = await makeBoth(await makePlate(edition, place), blanks);
      await assertEqual(both);
      assert.deepEqual(
        checkMail(both.spliced, {
          ...rules(),
          why: blanks.why,
          postal_address: edition.publication.postal_address,
        }),
        [],
      );
    }
  });
}

test('a spliced message decodes to exactly what the preview shows', () => {
  const { html, text } = fillPlate(plate, blanks);
  const raw = readWhole(compileSplice(plate, mailing).fill(readerParts(blanks), blanks));
  const lines = (content: string) => content.replace(/\n/g, '\r\n');
  assert.deepEqual(
    decoded(raw).map((part) => part.text),
    [lines(text), lines(html)],
  );
});

test('it is the same bytes each time, ends where it says, and begins no line with a dot', () => {
  const mail = compileSplice(plate, mailing).fill(readerParts(blanks), blanks);
  const again = compileSplice(JSON.parse(JSON.stringify(plate)), mailing).fill(readerParts(blanks), blanks);
  const into = Buffer.alloc(mail.most_bytes + 20, '!');
  const end = mail.write(into, 7);
  assert.ok(end - 7 <= mail.most_bytes);
  assert.deepEqual(into.subarray(7, end), readWhole(again));
  assert.equal(
    into.toString('latin1', 0, 7) + into.toString('latin1', end),
    '!'.repeat(into.length - (end - 7)),
  );
  assert.equal(mail.dotless, true);
  assert.match(into.toString('latin1', end - 2, end), /\r\n/);
});

/** Names and sentences as bad as people and programs make them. */
const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'.= \t"\\<>&\'{}@,;:()[]?_-FromaäאבКир李😀\u200f\u2028\r\n\u0000\u0085\u00a0'),
    maxLength: 90,
  }),
  fc.constantFrom(
    '{{secret}}',
    '=?utf-8?Q?forged?=',
    '.'.repeat(90),
    ' '.repeat(90),
    'From here',
    '=20',
    'x'.repeat(400),
    'Ünïcödé '.repeat(30),
    '👩‍👩‍👧‍👦'.repeat(12),
    '\r\n.\r\nRCPT TO:<eve@eve.test>',
  ),
);
const localPart = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcXYZ019!#$%&'*+-/=?^_`{|}~"), minLength: 1, maxLength: 60 }),
  fc.constantFrom('a.b', "o'brien", 'x=y', 'jürgen', '用户', '"quoted.part"'),
);

test('whatever a reader is called and wherever they live, splicing and composing say the same', async () => {
  await fc.assert(
    fc.asyncProperty(words, words, words, localPart, async (first_name, why, strip_text, local) => {
      const filled = { ...blanks, first_name, why, strip_text, address: `${local}@reader.test` };
      const both = await makeBoth(plate, filled);
      await assertEqual(both);
      const faults = checkMail(both.spliced, rules(filled.address));
      assert.deepEqual(
        faults.filter((fault) => !/^M19|^M18 .*tells/.test(fault)),
        [],
      );
    }),
    { numRuns: 150 },
  );
});

test('whatever stands in the headlines and the sender, splicing and composing say the same', async () => {
  const segment = fc.oneof(
    words,
    fc.constantFrom({ slot: 'first_name' }, { slot: 'why' }, { slot: 'view_url' }),
  );
  const segments = fc.array(segment, { maxLength: 12 }) as fc.Arbitrary<Plate['html']>;
  await fc.assert(
    fc.asyncProperty(
      words,
      words,
      segments,
      segments,
      words,
      async (subject, name, html, text, first_name) => {
        const hostile = {
          ...plate,
          subject: `A ${subject}`,
          html: alternating(html),
          text: alternating(text),
        };
        const from = { name, address: 'daily@dome.test' };
        const list = { ...mailing.list, name };
        await assertEqual(await makeBoth(hostile, { ...blanks, first_name }, { from, list }));
      },
    ),
    { numRuns: 150 },
  );
});

/** As a plate is: no two texts beside each other. */
const alternating = (segments: Plate['html']): Plate['html'] =>
  segments.filter((one, place) => typeof one !== 'string' || typeof segments[place - 1] !== 'string');

test('no message holds what is another reader\u2019s', () => {
  const splice = compileSplice(plate, mailing);
  const mails = Array.from({ length: 200 }, (_, seq) => {
    const address = `r${seq}.x@reader${seq % 7}.test`;
    const link = (page: string) =>
      `https://news.dome.test/${page}/l1a2b-${seq.toString(36)}-1-${String(seq).padStart(22, 'A')}`;
    const filled = {
      ...blanks,
      address,
      first_name: `Reader ${seq}`,
      manage_url: link('my'),
      unsubscribe_url: link('leave'),
    };
    const reader = readerParts(filled, { message_id: `<${seq}abcdef@dome.test>` });
    return { raw: readWhole(splice.fill(reader, filled)), session: rules(address, seq).session };
  });
  assert.deepEqual(checkMails(mails), []);
});

test('a missing blank, a link that is none, and what is not one address are refused before a byte is written', () => {
  const splice = compileSplice(plate, mailing);
  const { why: _, ...rest } = blanks;
  assert.throws(() => splice.fill(readerParts(blanks), rest as ReaderBlanks), {
    kind: 'invalid',
    message: /why/,
  });
  assert.throws(() => splice.fill(readerParts(blanks), { ...blanks, view_url: 'javascript:1' }), {
    kind: 'invalid',
  });
  for (const address of ['a@b.test\r\nBcc: c@d.test', 'a@b.test, c@d.test', 'nobody'])
    assert.throws(() => splice.fill(readerParts({ ...blanks, address }), blanks), { kind: 'invalid' });
});

test('a header value with a line break is refused, never folded into another field', () => {
  const splice = compileSplice(plate, mailing);
  for (const over of [
    { message_id: '<a@dome.test>\r\nBcc: eve@eve.test' },
    { feedback_id: 'a:b\nBcc: eve@eve.test' },
  ])
    assert.throws(() => splice.fill(readerParts(blanks, over), blanks), {
      kind: 'invalid',
      message: /would break the header/,
    });
});

test('a spliced message that says anything else than the plain one is told from it, by what differs', async () => {
  const { spliced, plain } = await makeBoth(plate, blanks);
  const changed = (piece: string, instead: string) => {
    assert.ok(spliced.includes(piece), piece);
    return Buffer.from(spliced.toString('latin1').replace(piece, instead), 'latin1');
  };
  for (const [piece, instead, differs] of [
    ['Subject: S', 'Subject: s', 'subject'],
    ['Precedence: bulk\r\n', '', 'precedence'],
    ['Feedback-ID: ', 'X-Other: x\r\nFeedback-ID: ', 'x-other'],
    ['11:00:00', '11:00:01', 'date'],
    ['<ann@readers.test>', '<eve@readers.test>', 'to'],
    ['multipart/alternative', 'multipart/mixed', 'content-type'],
    ['</body>', ' </body>', 'the HTML'],
    ['Subject: S', 'Subject: again\r\nSubject: S', 'the names of the header'],
  ] as const)
    assert.ok((await findDifferences(plain, changed(piece, instead))).includes(differs), differs);
});
