import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entry, parseFeed } from '../../src/feeds/parse.ts';

const read = (text: string, source = {}) =>
  parseFeed(Buffer.from(text), { url: 'https://dome.test/feeds/all.xml', ...source });
const only = (text: string): Entry => {
  const { entries } = read(text);
  assert.equal(entries.length, 1);
  return entries[0] as Entry;
};

test('an RSS 2.0 feed with the usual modules is read whole', () => {
  const feed = read(`<?xml version="1.0" encoding="UTF-8"?>
    <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
      xmlns:atom="http://www.w3.org/2005/Atom">
    <channel>
      <title>Dome &amp; Rotunda</title>
      <atom:link rel="self" href="https://dome.test/feeds/all.xml"/>
      <link>https://dome.test/</link>
      <language>en_US</language>
      <image><title>No title</title><link>https://dome.test/logo</link></image>
      <item>
        <title>Senate passes the bill</title>
        <link>https://dome.test/senate?id=1&amp;utm_source=rss</link>
        <guid isPermaLink="false">dome-1</guid>
        <pubDate>Mon, 23 Nov 2026 08:00:00 -0500</pubDate>
        <dc:creator>By Ada Lind</dc:creator><dc:creator>Bo Karim</dc:creator>
        <category>Congress</category><category><![CDATA[Health & Welfare]]></category><category>Congress</category>
        <description>A short &lt;em&gt;summary&lt;/em&gt;.</description>
        <content:encoded><![CDATA[<p>The whole <a href="/bill">bill</a>.</p>]]></content:encoded>
        <media:content url="https://dome.test/small.jpg" medium="image" width="320"/>
        <media:content url="https://dome.test/large.jpg" medium="image" width="1200" height="800">
          <media:title>Senators at the door</media:title>
          <media:description>Senators leave the &lt;b&gt;chamber&lt;/b&gt;.</media:description>
          <media:credit>Cy Novak / Wire</media:credit>
        </media:content>
        <slash:comments>42</slash:comments>
      </item>
    </channel></rss>`);
  assert.deepEqual(
    { ...feed, entries: [] },
    {
      title: 'Dome & Rotunda',
      link: 'https://dome.test/',
      lang: 'en-US',
      encoding: 'utf-8',
      links: [
        { rel: 'self', href: 'https://dome.test/feeds/all.xml', type: null },
        { rel: 'alternate', href: 'https://dome.test/', type: null },
      ],
      entries: [],
    },
  );
  assert.deepEqual(feed.entries, [
    {
      guid: 'dome-1',
      url: 'https://dome.test/senate?id=1&utm_source=rss',
      title: 'Senate passes the bill',
      summary_html: 'A short <em>summary</em>.',
      content_html: '<p>The whole <a href="https://dome.test/bill">bill</a>.</p>',
      byline: 'Ada Lind, Bo Karim',
      authors: [
        { name: 'Ada Lind', email: null },
        { name: 'Bo Karim', email: null },
      ],
      categories: ['Congress', 'Health & Welfare'],
      published_at: Temporal.Instant.from('2026-11-23T13:00:00Z'),
      updated_at: null,
      lang: 'en-US',
      image: {
        url: 'https://dome.test/large.jpg',
        alt: 'Senators at the door',
        caption: 'Senators leave the chamber.',
        credit: 'Cy Novak / Wire',
        width: 1200,
        height: 800,
      },
      comment_count: 42,
      links: [{ rel: 'alternate', href: 'https://dome.test/senate?id=1&utm_source=rss', type: null }],
    },
  ]);
});

test('an Atom 1.0 feed is read whole, its bases, types and inherited authors included', () => {
  const { entries, ...feed } =
    read(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://dome.test/blog/" xml:lang="en"
      xmlns:thr="http://purl.org/syndication/thread/1.0">
    <title type="html">Dome &lt;b&gt;Blog&lt;/b&gt;</title>
    <link href="."/><link rel="self" href="atom.xml"/>
    <author><name>Dora Weiss</name><email>dora@dome.test</email></author>
    <entry xml:base="2026/">
      <id>tag:dome.test,2026:1</id>
      <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Vote <em>tonight</em></div></title>
      <link rel="replies" href="1/comments" thr:count="7"/>
      <link rel="enclosure" type="image/png" href="1.png"/>
      <link href="1"/>
      <published>2026-11-23T08:00:00-05:00</published><updated>2026-11-23T09:00:00-05:00</updated>
      <category term="votes" label="Votes"/>
      <summary>Not &lt;b&gt;bold&lt;/b&gt;</summary>
      <content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml" xml:base="1/"><x:p>See <x:a href="all">all</x:a> &lt;here&gt;<x:br/></x:p></x:div></content>
    </entry>
    <entry><id>2</id><title>Plain</title><updated>2026-11-22T00:00:00Z</updated><author><name>Eve Okoro</name></author>
      <link rel="alternate" type="application/json" href="2.json"/><link rel="alternate" type="text/html" href="2"/></entry>
  </feed>`);
  assert.deepEqual([feed.title, feed.link, feed.lang], ['Dome Blog', 'https://dome.test/blog/', 'en']);
  const [first, second] = entries as [Entry, Entry];
  assert.equal(first.title, 'Vote tonight');
  assert.equal(first.url, 'https://dome.test/blog/2026/1');
  assert.equal(first.summary_html, 'Not &lt;b&gt;bold&lt;/b&gt;');
  assert.equal(
    first.content_html,
    '<p>See <a href="https://dome.test/blog/2026/1/all">all</a> &lt;here&gt;<br></p>',
  );
  assert.deepEqual([first.byline, second.byline], ['Dora Weiss', 'Eve Okoro']);
  assert.deepEqual([first.comment_count, first.image?.url], [7, 'https://dome.test/blog/2026/1.png']);
  assert.deepEqual(
    [String(first.published_at), String(first.updated_at)],
    ['2026-11-23T13:00:00Z', '2026-11-23T14:00:00Z'],
  );
  assert.deepEqual(
    [second.url, String(second.published_at)],
    ['https://dome.test/blog/2', '2026-11-22T00:00:00Z'],
  );
});

test('Atom 0.3 with its modes, RSS 1.0, RSS 0.9 and CDF are read too', () => {
  const old = only(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>
    <title mode="escaped" type="text/html">A &amp;lt;b&amp;gt; &lt;i&gt;tag&lt;/i&gt;</title>
    <content mode="base64" type="text/html">PHA+QmFzZSBzaXh0eS1mb3VyPC9wPg==</content>
    <issued>2003-12-31T10:14:55Z</issued><modified>2004-01-01T10:14:55Z</modified>
    <link rel="alternate" type="text/html" href="https://dome.test/old"/></entry></feed>`);
  assert.deepEqual([old.title, old.content_html], ['A <b> tag', '<p>Base sixty-four</p>']);
  assert.deepEqual(
    [String(old.published_at), String(old.updated_at)],
    ['2003-12-31T10:14:55Z', '2004-01-01T10:14:55Z'],
  );
  const rdf =
    read(`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://purl.org/rss/1.0/"
      xmlns:d="http://purl.org/dc/elements/1.1/"><s:channel r:about="x"><s:title>One</s:title></s:channel>
    <s:item r:about="https://dome.test/1"><s:title>Item</s:title><s:link>https://dome.test/1</s:link>
      <d:date>2026-11-23</d:date><d:subject>Policy</d:subject><d:creator>Ada Lind</d:creator></s:item></r:RDF>`);
  const [item] = rdf.entries as [Entry];
  assert.deepEqual([rdf.title, item.title, item.guid], ['One', 'Item', 'https://dome.test/1']);
  assert.deepEqual(
    [item.categories, item.byline, String(item.published_at)],
    [['Policy'], 'Ada Lind', '2026-11-23T00:00:00Z'],
  );
  const netscape = only(
    '<rss version="0.91"><channel><item><title>T</title><link>/a</link></item></channel></rss>',
  );
  assert.equal(netscape.url, 'https://dome.test/a');
  const cdf = only(
    '<CHANNEL HREF="https://dome.test/"><ITEM HREF="/b" LASTMOD="2026-11-23T01:00:00Z"><ABSTRACT>Short</ABSTRACT></ITEM></CHANNEL>',
  );
  assert.deepEqual(
    [cdf.url, cdf.summary_html, String(cdf.updated_at)],
    ['https://dome.test/b', 'Short', '2026-11-23T01:00:00Z'],
  );
});

test('a JSON Feed is read whole', () => {
  const feed = read(
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Dome',
      home_page_url: '/',
      language: 'en',
      authors: [{ name: 'Ada Lind' }],
      items: [
        {
          id: 7,
          url: '/7',
          title: 'Seven',
          content_html: '<p><a href="x">x</a></p>',
          image: '/7.jpg',
          tags: ['a', 'a'],
        },
        {
          id: '8',
          content_text: '1 < 2',
          date_published: '2026-11-23T08:00:00-05:00',
          authors: [{ name: 'Bo' }],
          summary: 'S\0',
        },
      ],
    }),
    { content_type: 'application/feed+json' },
  );
  assert.deepEqual([feed.title, feed.link, feed.lang], ['Dome', 'https://dome.test/', 'en']);
  const [seven, eight] = feed.entries as [Entry, Entry];
  assert.deepEqual(
    [seven.guid, seven.url, seven.byline, seven.categories],
    ['7', 'https://dome.test/7', 'Ada Lind', ['a']],
  );
  assert.deepEqual(
    [seven.image?.url, seven.content_html],
    ['https://dome.test/7.jpg', '<p><a href="https://dome.test/feeds/x">x</a></p>'],
  );
  assert.deepEqual([eight.content_html, eight.byline, eight.summary_html], ['1 &lt; 2', 'Bo', 'S']);
  assert.equal(String(eight.published_at), '2026-11-23T13:00:00Z');
});

test('an entry without id or address has the same guid at every reading, another text another one', () => {
  const of = (title: string) =>
    only(`<rss><channel><item><title>${title}</title></item></channel></rss>`).guid;
  assert.equal(of('One'), of('One'));
  assert.notEqual(of('One'), of('Two'));
});

test('addresses are relative to the place the answer names, if that is one of the web', () => {
  const xml = '<rss><channel><link>page</link></channel></rss>';
  assert.equal(read(xml, { content_location: '/a/b' }).link, 'https://dome.test/a/page');
  assert.equal(read(xml, { content_location: 'javascript:alert(1)' }).link, 'https://dome.test/feeds/page');
});

test('the language is the feed’s own, or the answer’s', () => {
  assert.equal(read('<rss><channel/></rss>', { content_language: 'fr, en' }).lang, 'fr');
  assert.equal(
    read('<rss><channel><language>ur</language></channel></rss>', { content_language: 'fr' }).lang,
    'ur',
  );
});
