import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import type { EditionModel } from '../../src/editions/model.ts';
import { archivePage } from '../../src/messages/archive.ts';
import { fillPlate, makePlate, type ReaderBlanks } from '../../src/messages/plate.ts';
import { modelImage, modelItem, sampleEdition } from '../support/edition-model.ts';
import { visibleText } from '../support/visible-text.ts';

const { model, blanks } = sampleEdition();
const HOSTILE = [
  '{{secret}}',
  '{{#if}}',
  '{{{blanks.address}}}',
  '{{> strip}}',
  '</mj-text>',
  '</mj-text></mj-column><mj-raw>',
  '<mj-include path="/etc/passwd" />',
  '[[',
  '{% if %}',
  '%}',
  '<script>alert(1)</script>',
  '<!--[if mso]>',
  '<![CDATA[',
  '<!-- htmlmin:ignore -->',
  'MJMLHTMLIGNORE0END',
  'SLOT0123456789abcdef01234567xaddressx',
  '{"slot":"address"}',
  '$& $1 $$',
  '&lt;b&gt; &amp;nbsp;',
  '" onerror="alert(1)',
  '{"a":"\' onerror=alert(1) b=\'"}',
  'a = b `c`',
];

/** An edition that says `text` wherever a newsroom or a reader can say something. */
function saying(text: string): EditionModel {
  const image = modelImage({ alt: text, caption: text, credit: text });
  const item = modelItem({ headline: text, byline: text, summary: text, section: text, image });
  return {
    ...model,
    publication: { ...model.publication, name: text, tagline: text, postal_address: text },
    subject: text,
    preheader: text,
    editors_line: text,
    since: text,
    lead: item,
    top: [{ ...item, related: { headline: text, url: item.url } }],
    sections: [{ name: text, items: [item] }],
    briefs: [item],
    comment: { author_name: text, text, headline: text, url: item.url },
  };
}

const count = (whole: string, part: string) => whole.split(part).length - 1;
/** White space folds, and marks of direction and control characters are ours to set or drop; case is not told apart, for the headings. */
const bare = (text: string) => text.replace(/[\s\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '').toLowerCase();

for (const text of HOSTILE) {
  test(`what looks like a template, a tag or a blank is printed as typed: ${text}`, async () => {
    const message = fillPlate(await makePlate(saying(text), 'plain'), blanks);
    assert.equal(message.subject, text);
    assert.equal(count(bare(visibleText(message.html)), bare(text)) >= 20, true);
    assert.equal(count(bare(message.text), bare(text)) >= 20, true);
    const images = [...parseHTML(message.html).document.querySelectorAll('img')];
    for (const image of images) {
      assert.equal(image.getAttribute('alt'), text);
      assert.deepEqual(
        Array.from(image.getAttributeNames()).filter((name) => /^(on|b$)/.test(name)),
        [],
      );
    }
    assert.equal(
      count(message.html, blanks.address),
      1,
      'the address stands where the template has it, once',
    );
    assert.doesNotMatch(message.html, /<script|<mj-/);
  });
}

test('any words of a story survive into HTML, text and the archive page exactly, but for white space', async () => {
  const words = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...' <>&"\'{}[]%|*=`/\\אبक字é\u0301😀\u2028'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(words, words, words, async (headline, summary, byline) => {
      const item = modelItem({ headline: `x${headline}x`, summary: `x${summary}x`, byline: `x${byline}x` });
      const edition = { ...model, lead: item, top: [item], sections: [], briefs: [item], comment: null };
      const plate = await makePlate(edition, 'plain');
      const message = fillPlate(plate, blanks);
      for (const part of [visibleText(message.html), message.text, visibleText(archivePage(edition))]) {
        for (const said of [item.headline, item.summary, item.byline!])
          assert.ok(bare(part).includes(bare(said)), JSON.stringify(said));
      }
    }),
    { numRuns: 60 },
  );
});

test('a plate is plain JSON, and what comes back from the database fills in the same', async () => {
  const plate = await makePlate(model, 'strip-top');
  assert.deepEqual(fillPlate(JSON.parse(JSON.stringify(plate)), blanks), fillPlate(plate, blanks));
});

test('two plates of one edition are the same, so that preview, test and send are one render', async () => {
  assert.deepEqual(await makePlate(model, 'strip-foot'), await makePlate(model, 'strip-foot'));
});

test('a plate holds no reader, and each blank of a reader is filled in and escaped for its part', async () => {
  const plate = await makePlate(model, 'strip-top');
  assert.ok(!JSON.stringify(plate).includes('readers.test'));
  const why = 'Because "A & B" <asked> it\'s so';
  const manage_url = 'https://news.dome.test/my/x?a=1&b="2"';
  const message = fillPlate(plate, { ...blanks, why, manage_url });
  assert.ok(message.html.includes('Because &quot;A &amp; B&quot; &lt;asked&gt; it&#x27;s so'));
  assert.ok(message.html.includes('href="https://news.dome.test/my/x?a=1&amp;b=%222%22"'));
  assert.ok(message.text.includes(`\n${why}\n`));
  assert.ok(message.text.includes('\nhttps://news.dome.test/my/x?a=1&b=%222%22\n'));
});

test('a blank cannot break a line or forge one', async () => {
  const plate = await makePlate(model, 'strip-top');
  const { text } = fillPlate(plate, { ...blanks, why: 'a\r\nUnsubscribe:\nhttps://evil.test' });
  assert.ok(text.includes('\na Unsubscribe: https://evil.test\n'));
});

test('a missing blank, and a link that is none of the web, are refused by name', async () => {
  const plate = await makePlate(model, 'strip-top');
  const { why: _, ...rest } = blanks;
  assert.throws(() => fillPlate(plate, rest as ReaderBlanks), { kind: 'invalid', message: /blank why/ });
  for (const unsubscribe_url of ['javascript:alert(1)', '/leave/x', ''])
    assert.throws(() => fillPlate(plate, { ...blanks, unsubscribe_url }), {
      kind: 'invalid',
      message: /unsubscribe_url/,
    });
});
