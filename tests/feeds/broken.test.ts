import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PresstimeError } from '../../src/errors.ts';
import { parseFeed } from '../../src/feeds/parse.ts';

const URL = 'https://dome.test/feed.xml';
const read = (text: string) => parseFeed(Buffer.from(text), { url: URL });
const WHOLE = `<?xml version="1.0"?><rss version="2.0"><channel><title>Dome</title>
  <item><title>One &amp; only</title><link>https://dome.test/1</link><description><![CDATA[<p>x</p>]]></description></item>
  <item><title>Two</title><link>https://dome.test/2</link></item></channel></rss>`;
const WHOLE_JSON = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Dome',
  items: [{ id: '1' }],
});

function refuses(text: string, words: RegExp): void {
  assert.throws(
    () => read(text),
    (error) => {
      assert.ok(error instanceof PresstimeError, String(error));
      assert.equal(error.kind, 'invalid');
      assert.match(error.message, words);
      assert.ok(error.message.includes(URL));
      return true;
    },
  );
}

test('a feed cut anywhere is an error, never a part of a feed', () => {
  for (const whole of [WHOLE, WHOLE_JSON]) {
    const expected = read(whole);
    for (let length = 0; length < whole.length; length++) {
      try {
        assert.deepEqual(read(whole.slice(0, length)), expected); // only the last `>` may be missing
        assert.equal(length, whole.length - 1);
      } catch (error) {
        assert.ok(error instanceof PresstimeError, `${length}: ${error}`);
      }
    }
  }
});

test('the error says what was wrong', () => {
  refuses('<rss><channel><item><title>half', /is cut off: it ends inside <title>/);
  refuses('<rss><channel><item><title>One<link>x</link></item></channel></rss>', /a <title> is never closed/);
  refuses('<html><body>Not found</body></html>', /is no feed but a document of <html>/);
  refuses('', /holds no XML/);
  refuses('Service unavailable', /holds no XML/);
  refuses('{"title": "half', /is cut off or no JSON/);
  refuses('{"answer": 42}', /is JSON, but no JSON Feed/);
});

test('what is ill-formed but whole is read', () => {
  const { entries } = read(`\n <rss><channel><item><itunes:author>Ada</itunes:author><title>AT&T & co</title>
    <link>https://dome.test/?a=1&b=2&copy=3</link><description>One<br>two <p>three</description></item></channel></rss><!-- cached -->`);
  assert.deepEqual(
    entries.map(({ title, url, byline, summary_html }) => [title, url, byline, summary_html]),
    [['AT&T & co', 'https://dome.test/?a=1&b=2&copy=3', 'Ada', 'One<br>two <p>three</p>']],
  );
});

test('a declared entity is resolved, a bomb of them is not', () => {
  const declared = (entities: string, title: string) =>
    read(`<!DOCTYPE rss [${entities}]><rss><channel><title>${title}</title></channel></rss>`).title;
  assert.equal(declared('<!ENTITY dome "The Dome">', '&dome; today'), 'The Dome today');
  assert.equal(declared('<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">', '&b;'), '&b;');
  assert.equal(declared('<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;'), '&x;');
  const many = '&a;'.repeat(100_000);
  assert.equal(declared(`<!ENTITY a "${'x'.repeat(100)}">`, many), many);
});

const repeated = (text: string, bytes = 2_000_000) => text.repeat(bytes / text.length);
const item = (text: string) => `<rss><channel><item>${text}</item></channel></rss>`;

for (const [what, text] of Object.entries({
  'elements without end': repeated('<a>'),
  'very many elements': item(repeated('<a/>')),
  'very many items': item(repeated('</item><item>')),
  'very many attributes': `<rss ${Array.from({ length: 100_000 }, (_, at) => `a${at}="b"`).join(' ')}/>`,
  'very many pictures': item(repeated('<media:content url="http://a/b.jpg"/>')),
  'nothing but brackets': repeated('<'),
  'nothing but ampersands': item(`<title>${repeated('&a;')}</title>`),
  'unclosed comments': repeated('<!--'),
  'unclosed document types': repeated('<!DOCTYPE['),
  'HTML nested without end': item(`<description>${repeated('&lt;a href=x&gt;')}</description>`),
  'a title of tags': item(`<title>${repeated('&lt;b&gt;')}&lt;/b&gt;</title>`),
  'a name that might be an address': item(`<author>${repeated('a')}</author>`),
  'JSON nested without end': repeated('{"items":['),
})) {
  test(`${what} are read or refused, and nothing hangs`, () => {
    const began = process.cpuUsage().user;
    try {
      read(text);
    } catch (error) {
      assert.ok(error instanceof PresstimeError, String(error));
    }
    const seconds = (process.cpuUsage().user - began) / 1e6;
    assert.ok(seconds < 10, `${seconds.toFixed(1)} s of processor`); // a guard against hanging, not a measure
  });
}

test('no bytes make it crash', () => {
  const tokens = [
    '<item>',
    '</item>',
    '<title>',
    '</title>',
    '<![CDATA[',
    ']]>',
    '&',
    '&#',
    ';',
    '<!--',
    '-->',
    '"',
    'x',
    '<link href="',
    '/>',
    '<content type="xhtml">',
    '{',
    '[',
    ']}',
    'xml:base="',
  ];
  const soup = fc.array(fc.constantFrom(...tokens), { maxLength: 40 }).map((parts) => parts.join(''));
  const safely = (bytes: Uint8Array) => {
    try {
      parseFeed(bytes, { url: URL });
    } catch (error) {
      assert.ok(error instanceof PresstimeError, String(error));
    }
  };
  fc.assert(fc.property(soup, (text) => safely(Buffer.from(`<rss><channel>${text}</channel></rss>`))));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), safely));
});
