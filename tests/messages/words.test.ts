import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { requireWellFormed } from '../../src/messages/render/well-formed.ts';
import { stripText } from '../../src/messages/strip.ts';
import { words } from '../../src/messages/words/bidi.ts';
import { longDate, shortDay } from '../../src/messages/words/date-label.ts';
import { displayWidth, wrap } from '../../src/messages/words/wrap.ts';

const EN = { lang: 'en', dir: 'ltr' } as const;
const AR = { lang: 'ar', dir: 'rtl' } as const;

test('runs of the other direction are told apart, with the digits and marks that belong to them', () => {
  const runs = (text: string) => words(text, EN).runs.map(({ text, dir, lang }) => [text, dir, lang]);
  assert.deepEqual(runs('Plain words'), [['Plain words', null, null]]);
  assert.deepEqual(runs('By أحمد علي and Bo'), [
    ['By ', null, null],
    ['أحمد علي', 'rtl', 'ar'],
    [' and Bo', null, null],
  ]);
  assert.deepEqual(runs('“שלום 2026” he said'), [
    ['“', null, null],
    ['שלום 2026', 'rtl', 'he'],
    ['” he said', null, null],
  ]);
  assert.deepEqual(runs('تعليق كامل!'), [['تعليق كامل!', 'rtl', 'ar']]);
  assert.deepEqual(runs('a שׁ\u05B8, b'), [
    ['a ', null, null],
    ['שׁ\u05B8', 'rtl', 'he'],
    [', b', null, null],
  ]);
  assert.deepEqual(runs('国会 e\u0301'), [['国会 e\u0301', null, null]]);
  assert.deepEqual(words('قال iPhone 15 جديد', AR).runs[1], { text: 'iPhone 15', dir: 'ltr', lang: 'en' });
});

test('words in a language of their own say so, whatever their direction', () => {
  assert.deepEqual(words('国会', { ...EN, own_lang: 'ja' }).runs, [{ text: '国会', dir: null, lang: 'ja' }]);
  assert.deepEqual(words('خبر', { ...EN, own_lang: 'fa' }).runs, [{ text: 'خبر', dir: 'rtl', lang: 'fa' }]);
  assert.deepEqual(words('Colour', { ...EN, own_lang: 'en-GB' }).runs, [
    { text: 'Colour', dir: null, lang: null },
  ]);
});

test('formatting characters cannot reach out of the words they stand in', () => {
  assert.equal(words('a \u202Eevil', EN).text, 'a evil');
  assert.equal(words('open \u2067 only', EN).text, 'open only');
  assert.equal(words('closed \u2069 only', EN).text, 'closed only');
  assert.equal(words('well \u2068closed\u2069', EN).text, 'well \u2068closed\u2069');
});

test('the runs of any words put together are those words', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab1 .,אבسع字\u0301\u05B8٣!') });
  fc.assert(
    fc.property(text, fc.constantFrom(EN, AR), (said, setting) => {
      assert.equal(
        words(said, setting)
          .runs.map((run) => run.text)
          .join(''),
        said,
      );
    }),
  );
});

test('text is broken at spaces by what it takes on the screen; addresses and long words are not broken', () => {
  const address = `https://dome.test/${'a'.repeat(90)}`;
  assert.equal(wrap(address), address);
  assert.equal(wrap(`see ${address} now`), `see\n${address}\nnow`);
  assert.equal(wrap('W'.repeat(90)), 'W'.repeat(90));
  assert.equal(
    wrap(`* ${'word '.repeat(20)}`)
      .split('\n')[1]
      ?.slice(0, 6),
    '  word',
  );
  const japanese = wrap('国会は月曜日に予算案を可決し、'.repeat(8));
  assert.ok(japanese.split('\n').every((line) => displayWidth(line) <= 72 && !line.startsWith('、')));
  assert.deepEqual(
    [displayWidth('国会'), displayWidth('e\u0301'), displayWidth('😀'), displayWidth('\u2068a\u2069')],
    [4, 1, 2, 1],
  );
});

test('wrapping adds and takes away nothing but white space', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab *字、😀é\u0301-'), maxLength: 300 }), (said) => {
      assert.equal(wrap(said).replace(/\s/g, ''), said.replace(/\s/g, ''));
    }),
  );
});

test('the strip says where the trial stands', () => {
  const trial = { kind: 'trial', edition: 8, allowance: 10, last_on: '2026-12-04' } as const;
  assert.equal(stripText({ ...trial, certain: false }), 'Free edition 8 of 10. About Friday, Dec. 4.');
  assert.equal(stripText({ ...trial, certain: true }), 'Free edition 8 of 10. Your last is Friday, Dec. 4.');
  assert.equal(
    stripText({ ...trial, certain: false, moved: true }),
    'Free edition 8 of 10. Your last has moved: it is about Friday, Dec. 4.',
  );
  assert.equal(stripText({ kind: 'last' }), 'This is your last free edition.');
  assert.equal(
    stripText({ kind: 'grace', edition: 2, allowance: 5, why: 'po_pending' }),
    'Your free trial is over, and we keep it coming while your order is on its way. Extra edition 2 of 5.',
  );
});

test('dates are written in the language of the publication', () => {
  assert.equal(longDate('2026-11-23', 'en'), 'Monday, November 23, 2026');
  assert.equal(longDate('2026-11-23', 'fr'), 'lundi 23 novembre 2026');
  assert.deepEqual(
    ['2026-03-06', '2026-05-01', '2026-09-04'].map((date) => shortDay(date, 'en-US')),
    ['Friday, March 6', 'Friday, May 1', 'Friday, Sept. 4'],
  );
});

test('a tag left open in a template is found, though MJML would accept it', () => {
  assert.doesNotThrow(() =>
    requireWellFormed('<mjml><mj-text a="x > y">a<br>b <b>c</b></mj-text><mj-image /></mjml>', 'x'),
  );
  assert.throws(() => requireWellFormed('<mjml><mj-text>a</mjml>', 'body.mjml'), {
    message: /body.mjml: <\/mjml> closes no/,
  });
  assert.throws(() => requireWellFormed('<mjml><b>', 'body.mjml'), { message: /<b> is never closed/ });
});
