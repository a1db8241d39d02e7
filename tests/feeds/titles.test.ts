import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseFeed } from '../../src/feeds/parse.ts';

const escaped = (text: string) =>
  text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;' })[char] ?? '&gt;');
const titleOf = (element: string, root = 'rss') =>
  parseFeed(
    Buffer.from(
      root === 'rss'
        ? `<rss><channel><item>${element}</item></channel></rss>`
        : `<feed xmlns="http://www.w3.org/2005/Atom"><entry>${element}</entry></feed>`,
    ),
    { url: 'https://dome.test/' },
  ).entries[0]?.title;

for (const [written, meant] of [
  ['Ways &amp; Means', 'Ways & Means'],
  ['Ways &amp;amp; Means', 'Ways & Means'],
  ['AT&T', 'AT&T'],
  ['Caf&eacute; &hellip; &#8217;', 'Café … ’'],
  ['<![CDATA[Q&A: <b>why</b>?]]>', 'Q&A: why?'],
  ['Is 1 &lt; 2 &gt; 0?', 'Is 1 < 2 > 0?'],
  ['The &lt;blink&gt; tag', 'The <blink> tag'],
  ['C++ &lt;vector&gt; &lt;b&gt;explained&lt;/b&gt;', 'C++ <vector> explained'],
  ['&lt;i&gt;Dune&lt;/i&gt;: a review', 'Dune: a review'],
  ['One&lt;br/&gt;two', 'One two'],
  ['Bold <b>claims</b> here', 'Bold claims here'],
  ['  spread \n over\tlines ', 'spread over lines'],
  ['{{secret}} $x &lt;%= y %&gt;', '{{secret}} $x <%= y %>'],
  ['a\u2028b\u00a0c', 'a\u2028b\u00a0c'],
  ['&nosuch; entity', '&nosuch; entity'],
  ['<!-- no -->words', 'words'],
  ['&lt;script&gt;alert(1)&lt;/script&gt;News', 'News'],
] as const) {
  test(`the RSS title ${JSON.stringify(written)} reads ${JSON.stringify(meant)}`, () => {
    assert.equal(titleOf(`<title>${written}</title>`), meant);
  });
}

for (const [attributes, written, meant] of [
  ['', 'A &lt;b&gt; &amp;amp; c', 'A <b> &amp; c'],
  ['type="text"', 'A &lt;b&gt;tag&lt;/b&gt;', 'A <b>tag</b>'],
  ['type="html"', 'A &lt;b&gt;tag&lt;/b&gt; &amp;lt;', 'A tag <'],
  ['type="xhtml"', '<div xmlns="http://www.w3.org/1999/xhtml">A <b>tag</b> &lt;</div>', 'A tag <'],
] as const) {
  test(`the Atom title ${attributes || 'without a type'} ${written} reads ${meant}`, () => {
    assert.equal(titleOf(`<title ${attributes}>${written}</title>`, 'atom'), meant);
  });
}

test('text in any script survives exactly', () => {
  for (const text of [
    'یہ خبر اردو میں ہے',
    'خبر عاجل',
    '日本語の見出し',
    '👩🏽‍💻 at work',
    'Ελλάδα',
    '{{headline}}',
    'a < b',
  ]) {
    assert.equal(titleOf(`<title>${escaped(text)}</title>`), text);
  }
  const words = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim());
  fc.assert(
    fc.property(words, (text) => {
      assert.equal(titleOf(`<title type="text">${escaped(text)}</title>`, 'atom') ?? '', text);
    }),
  );
});

test('a title may come by other names', () => {
  const xmlns = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"';
  assert.equal(titleOf(`<dc:title ${xmlns}>Dublin</dc:title>`), 'Dublin');
  assert.equal(titleOf(`<media:title ${xmlns}>Media</media:title><title>Own</title>`), 'Own');
});
