import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type PageArticle, readPage } from '../../src/articles/intake/page.ts';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/pages/${name}.html`, import.meta.url));
const read = (name: string): PageArticle => readPage(fixture(name), { url: null, name: `${name}.html` });
const bytes = (html: string): Uint8Array => new TextEncoder().encode(html);
const readHtml = (html: string, url: string | null = 'https://dome.test/story'): PageArticle =>
  readPage(bytes(html), { url });

const PARAGRAPHS = Array.from(
  { length: 6 },
  (_, n) =>
    `<p>Paragraph ${n} of the story, which goes on for a while, with a comma or two, until it says enough.</p>`,
).join('');

test('a page gives headline, byline, time, section, summary and language', () => {
  const { url, title, headline, byline, published_at, section, summary, lang, dir } = read('vote');
  assert.deepEqual(
    { url, title, headline, byline, published_at: String(published_at), section, summary, lang, dir },
    {
      url: 'https://www.dome.test/2026/11/23/stopgap-vote-slips/?utm_source=canonical',
      title: 'Stopgap vote slips to Thursday as leaders hunt for eleven more',
      headline: 'Stopgap vote slips to Thursday as leaders hunt for eleven more',
      byline: 'Ann Reed, Bo Karim',
      published_at: '2026-11-23T09:30:00Z',
      section: 'Congress',
      summary: 'Leaders pulled the bill from the floor & sent members home, eleven short.',
      lang: 'en-US',
      dir: null,
    },
  );
});

test('the main photo is the declared one, with the words of the figure that shows it', () => {
  assert.deepEqual(read('vote').image, {
    url: 'https://www.dome.test/media/rotunda-1200x676.jpg',
    alt: 'Members leave by the east steps under umbrellas',
    caption: 'Members leave the Capitol after the vote was put off.',
    credit: 'Cleo Marsh/Dome Daily',
    width: 1200,
    height: 676,
  });
});

test('the body is clean, its addresses absolute, its words exact', () => {
  const { body_html, body_text } = read('vote');
  assert.match(
    body_html,
    /<a href="https:\/\/www\.dome\.test\/2026\/11\/bills\/hr-9001\?ref=story">H\.R\. 9001<\/a>/,
  );
  assert.match(body_html, /<h2>What happens now<\/h2>/);
  assert.match(body_text, /\{\{secret\}\}, and a note that a < b were .* broke\u2028in two/);
  assert.match(body_text, /\n\nWhat happens now\n\nLeaders have/);
  assert.doesNotMatch(body_text, /not text|Another story|says:|Rotunda Way/);
});

test('readers’ comments keep names and words of any script; replies stand by themselves', () => {
  const { comments, comment_count } = read('vote');
  assert.equal(comment_count, 41);
  assert.deepEqual(
    comments.map(({ author_name, body_text, commented_at }) => [
      author_name,
      body_text,
      commented_at && String(commented_at),
    ]),
    [
      [
        'زینب احمد',
        'یہ بل دوبارہ آئے گا، اور پھر رک جائے گا۔ 🏛️\n\nAsk me in January.',
        '2026-11-23T11:02:00Z',
      ],
      ['Dora <the editor> O’Neil', 'Noted & dated.', null],
    ],
  );
});

test('a page from right to left, without the tags that HTML lets it leave out, reads as well', () => {
  const page = read('arabic');
  assert.deepEqual(
    [page.headline, page.byline, page.lang, page.dir, page.section, String(page.published_at)],
    ['مجلس النواب يؤجل التصويت حتى الخميس', 'ليلى حداد', 'ar', 'rtl', 'الكونغرس', '2026-11-23T09:15:00Z'],
  );
  assert.equal(page.image?.alt, 'قبة المبنى عند الغروب');
  assert.equal(page.image?.caption, 'القبة عند الغروب بعد تأجيل الجلسة.');
  assert.equal(page.image?.credit, 'سامي نور');
  assert.match(page.body_html, /<bdi lang="en" dir="ltr">H\.R\. 9001<\/bdi>/);
  assert.match(page.body_text, /«كانت الأصوات معنا، ثم ذهبنا إلى العشاء»/);
});

test('the name of the site behind the title is no part of the headline', () => {
  const page = readHtml(
    `<meta property="og:title" content="Bell rings - twice - Dome Daily"><meta property="og:site_name" content="Dome Daily">${PARAGRAPHS}`,
  );
  assert.deepEqual([page.title, page.headline], ['Bell rings - twice - Dome Daily', 'Bell rings - twice']);
});

test('a list whose items are never closed nests deep and is read all the same; templates are not', () => {
  const { body_text } = readHtml(
    `<h1>T</h1><template><p>From a template, which is long enough, with commas, to count.</p></template>${PARAGRAPHS}
    <ul>${'<li><b>Item, said the <i>list'.repeat(80)}</ul>${PARAGRAPHS}`,
  );
  assert.match(body_text, /Paragraph 5 of the story/);
  assert.doesNotMatch(body_text, /template/);
});

test('comments in microdata and in linked data are found too', () => {
  const marked = readHtml(`<article><h1>T</h1>${PARAGRAPHS}</article>
    <div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author" itemscope><b itemprop="name">Ömer Ș.</b></span>
    <time itemprop="dateCreated" datetime="2026-11-20T10:00Z"></time><div itemprop="text">Well <b>said</b>.</div></div>`);
  assert.deepEqual(
    marked.comments.map(({ author_name, body_text }) => [author_name, body_text]),
    [['Ömer Ș.', 'Well said.']],
  );
  const linked = {
    '@type': 'NewsArticle',
    headline: 'T',
    commentCount: '1,204',
    comment: [{ author: { name: '名無し' }, text: 'a<b && {{x}}', dateCreated: '2026-11-20' }],
  };
  const told = readHtml(
    `<script type="application/ld+json">${JSON.stringify(linked)}</script><article><h1>T</h1>${PARAGRAPHS}</article>`,
  );
  assert.deepEqual(
    told.comments.map(({ author_name, body_text }) => [author_name, body_text]),
    [['名無し', 'a<b && {{x}}']],
  );
  assert.equal(told.comment_count, 1204);
});

test('the photo of the first figure is taken where the page declares none, and never a brand', () => {
  const figure = (name: string, caption: string) =>
    `<figure><img src="/${name}.jpg" alt="${name}" width="800" height="450"><figcaption>${caption}</figcaption></figure>`;
  const page = readHtml(
    `<meta property="og:image" content="https://dome.test/site-logo.png"><article><h1>T</h1>${figure('steps', 'On the steps. (AP Photo/J. Doe)')}${PARAGRAPHS}</article>`,
  );
  assert.deepEqual(page.image, {
    url: 'https://dome.test/steps.jpg',
    alt: 'steps',
    caption: 'On the steps.',
    credit: 'AP Photo/J. Doe',
    width: 800,
    height: 450,
  });
});

test('a page without an article is refused by its name', () => {
  assert.throws(() => read('front'), {
    kind: 'invalid',
    message: /front\.html holds no article; a page with a headline/,
  });
  for (const html of ['', 'text', '<title>404</title><h1>Not found</h1><p>Sorry.</p>', '\0\0'])
    assert.throws(() => readHtml(html), {
      kind: 'invalid',
      message: /https:\/\/dome\.test\/story holds no article/,
    });
});

test('a saved page must say its address; one from the web may only name its own site', () => {
  const page = (canonical: string) =>
    `<link rel="canonical" href="${canonical}"><h1>T</h1><title>T</title>${PARAGRAPHS}`;
  assert.throws(() => readHtml(page(''), null), { kind: 'invalid', message: /canonical.*expected/ });
  assert.equal(readHtml(page('https://a.test/x'), null).url, 'https://a.test/x');
  assert.equal(readHtml(page('https://a.test/x')).url, 'https://dome.test/story');
  assert.equal(readHtml(page('/other')).url, 'https://dome.test/other');
  assert.equal(readHtml(page('https://www.dome.test/')).url, 'https://dome.test/story');
});

test('the charset is that of the answer, the byte order mark or the page', () => {
  const html = (meta: string) => `${meta}<title>Café Ørsted</title><h1>Café Ørsted</h1>${PARAGRAPHS}`;
  const latin = (text: string) => Buffer.from(text, 'latin1');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(html(''), 'utf16le')]);
  const cases: [Uint8Array, string | null][] = [
    [latin(html('')), 'text/html; charset=iso-8859-1'],
    [latin(html('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">')), null],
    [latin(html('')), null],
    [bytes(html('<meta charset="utf-16">')), 'text/html'],
    [bytes(html('')), 'text/html; charset=no-such-thing'],
    [utf16, 'text/html; charset=utf-8'],
  ];
  for (const [body, content_type] of cases)
    assert.equal(readPage(body, { url: 'https://dome.test/x', content_type }).headline, 'Café Ørsted');
});

test('nothing of a hostile page can run, and its words are kept', () => {
  const page = read('hostile');
  const everything = JSON.stringify(page);
  assert.match(page.body_text, /bell that calls members to vote rang twice/);
  assert.doesNotMatch(
    page.body_html,
    /<(script|iframe|object|embed|form|svg|math|style|input|button)|\son\w+=|javascript:|data:|style=/i,
  );
  assert.match(page.body_html, /<a href="https:\/\/other\.test\/ok">a good one<\/a>/);
  assert.match(page.body_html, /<img src="https:\/\/dome\.test\/x\.jpg" alt="ok" height="20" \/>/);
  assert.equal(page.image, null);
  assert.equal(page.byline, null);
  assert.doesNotMatch(everything, /evil\.test/);
});

test('a page made to hang its reader is refused or read in little time', () => {
  const frame = (inside: string) => `<title>T</title><h1>T</h1>${PARAGRAPHS}${inside}`;
  const hostile = {
    depth: frame('<div>'.repeat(40_000)),
    shallow: frame('<div><p>a, b, c'.repeat(200)),
    tags: frame('<'.repeat(3_000_000)),
    ends: frame('</p>'.repeat(900_000)),
    title: `<title>${' - |'.repeat(500_000)}</title>${PARAGRAPHS}`,
    attribute: frame(`<img srcset="${'a'.repeat(2_000_000)}"><p itemprop="${' '.repeat(2_000_000)}">`),
    meta: frame(`<meta property="${' '.repeat(1_000_000)}" content="x">`),
    json: frame(`<script type="application/ld+json">${'['.repeat(500_000)}</script>`),
    nested: frame(
      `<script type="application/ld+json">${'{"@type":"NewsArticle","comment":'.repeat(3000)}1${'}'.repeat(3000)}</script>`,
    ),
    quotes: frame(`<script type="application/ld+json">"${'\\"'.repeat(500_000)}</script>`),
    attributes: frame(`<p ${'a b c d e f g h i j '.repeat(200_000)}>`),
    caption: frame(
      `<figure><img src=a.jpg><figcaption>${'(Photo by '.repeat(100_000)}</figcaption></figure>`,
    ),
    comments: frame('<div class="comment"><b class="author">x</b>'.repeat(240)),
    spaces: frame(`<p>${' \n'.repeat(1_000_000)}`),
  };
  for (const [name, html] of Object.entries(hostile)) {
    const start = process.cpuUsage().user;
    try {
      readHtml(html);
    } catch (error) {
      assert.equal((error as { kind?: string }).kind, 'invalid', `${name}: ${error}`);
    }
    const ms = (process.cpuUsage().user - start) / 1000;
    assert.ok(ms < 15_000, `${name} took ${ms.toFixed()} ms`); // a guard against hanging, not a measure
  }
  assert.throws(() => readPage(new Uint8Array(5_000_001), { url: 'https://dome.test/big' }), {
    kind: 'invalid',
    message: /https:\/\/dome\.test\/big has 5000001 bytes/,
  });
});
