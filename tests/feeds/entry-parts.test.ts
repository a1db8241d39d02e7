import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entry, parseFeed } from '../../src/feeds/parse.ts';

const NAMES =
  'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"';
const item = (inner: string): Entry =>
  parseFeed(Buffer.from(`<rss ${NAMES}><channel><item>${inner}</item></channel></rss>`), {
    url: 'https://dome.test/',
  }).entries[0] as Entry;

for (const [written, name, email] of [
  ['<author>ada@dome.test (Ada Lind)</author>', 'Ada Lind', 'ada@dome.test'],
  ['<author>Ada Lind (ada@dome.test)</author>', 'Ada Lind', 'ada@dome.test'],
  ['<author>Ada Lind &lt;ada@dome.test&gt;</author>', 'Ada Lind', 'ada@dome.test'],
  ['<author>ada@dome.test</author>', null, 'ada@dome.test'],
  ['<author><name>Ada Lind</name></author>', 'Ada Lind', null],
  ['<dc:creator>By Ada Lind</dc:creator>', 'Ada Lind', null],
  ['<dc:creator>&lt;a href="/ada"&gt;Ada Lind&lt;/a&gt;</dc:creator>', 'Ada Lind', null],
  ['<dc:creator>محمد علی</dc:creator>', 'محمد علی', null],
  ['<itunes:author>Ada Lind</itunes:author>', 'Ada Lind', null],
] as const) {
  test(`${written} is by ${name ?? 'nobody named'}`, () => {
    assert.deepEqual(item(written).authors, [{ name, email }]);
    assert.equal(item(written).byline, name);
  });
}

for (const [written, url] of [
  ['<media:thumbnail url="t.jpg" width="75"/>', 'https://dome.test/t.jpg'],
  [
    '<media:content url="v.mp4" type="video/mp4"><media:thumbnail url="t.jpg"/></media:content>',
    'https://dome.test/t.jpg',
  ],
  [
    '<media:group><media:content url="a.jpg" width="9"/><media:content url="b.webp" width="99"/></media:group>',
    'https://dome.test/b.webp',
  ],
  [
    '<enclosure url="a.mp3" type="audio/mpeg"/><enclosure url="a.png" type="image/png"/>',
    'https://dome.test/a.png',
  ],
  ['<itunes:image href="i.jpg"/>', 'https://dome.test/i.jpg'],
  ['<image><url>r.gif</url></image>', 'https://dome.test/r.gif'],
  ['<media:content url="javascript:alert(1)" medium="image"/>', undefined],
  ['<media:content url="page" />', undefined],
] as const) {
  test(`the picture of ${written} is ${url ?? 'none'}`, () => assert.equal(item(written).image?.url, url));
}

test('credit and caption may stand beside the picture', () => {
  const { image } = item(
    '<media:content medium="image" url="a.jpg" height="800"/><media:credit>Cy Novak</media:credit><media:description>At the door</media:description>',
  );
  assert.deepEqual(
    [image?.credit, image?.caption, image?.alt, image?.height],
    ['Cy Novak', 'At the door', null, 800],
  );
});

for (const [written, url] of [
  ['<link>/a</link><guid>https://dome.test/b</guid>', 'https://dome.test/a'],
  ['<guid>https://dome.test/b</guid>', 'https://dome.test/b'],
  ['<guid isPermaLink="false">https://dome.test/b</guid>', null],
  ['<guid>b</guid>', null],
  [
    '<link>https://proxy.test/x</link><feedburner:origLink>https://dome.test/a</feedburner:origLink>',
    'https://dome.test/a',
  ],
  ['<link>javascript:alert(1)</link>', null],
  ['<link/>', null],
] as const) {
  test(`the address of ${written} is ${url ?? 'none'}`, () => assert.equal(item(written).url, url));
}

test('categories of every kind are gathered in order and once', () => {
  const { categories } = item(
    '<tags>a, b</tags><category>c <image><title>not this</title></image></category><dc:subject>d</dc:subject><media:group><media:category>e</media:category></media:group><itunes:category text="f"><itunes:category text="g"/></itunes:category><category>a</category>',
  );
  assert.deepEqual(categories, ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

test('of summary and description the first is the summary and the second the content', () => {
  assert.deepEqual(texts('<summary>S</summary><description>D</description>'), ['S', 'D']);
  assert.deepEqual(texts('<description>D</description><summary>S</summary>'), ['D', 'S']);
  assert.deepEqual(
    texts('<description>D</description><body xmlns="http://www.w3.org/1999/xhtml"><p>B</p></body>'),
    ['D', '<p>B</p>'],
  );
  assert.deepEqual(texts('<media:group><media:description>M</media:description></media:group>'), ['M', null]);
});

const texts = (inner: string) => [item(inner).summary_html, item(inner).content_html];
