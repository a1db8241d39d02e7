import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainParagraphs, plainText, sanitizeArticle } from '../../src/articles/intake/sanitize.ts';

const BASE = 'https://dome.test/2026/story';
const clean = (html: string): string => sanitizeArticle(html, BASE);

test('what an article is made of stays', () => {
  const kept = [
    '<p>One <em>two</em> <strong>three</strong><br />four</p>',
    '<h2>Head</h2><ul><li>a</li></ul><ol start="3"><li>b</li></ol>',
    '<blockquote>said</blockquote>',
    '<figure><img src="https://img.test/a.jpg" alt="a" width="10" height="5" /><figcaption>c</figcaption></figure>',
    '<table><thead><tr><th scope="col">h</th></tr></thead><tbody><tr><td colspan="2">d</td></tr></tbody></table>',
    '<p lang="ur" dir="rtl">یہ بل <bdi>H.R. 9001</bdi></p>',
    '<p><a href="mailto:tips@dome.test">tips</a> <time datetime="2026-11-23">Monday</time></p>',
  ];
  assert.deepEqual(kept.map(clean), kept);
});

test('headings fit under the page’s own', () => {
  assert.equal(clean('<h1>a</h1><h5>b</h5><h6>c</h6>'), '<h2>a</h2><h4>b</h4><h4>c</h4>');
});

test('links and pictures are absolute, and only of the web or mail', () => {
  assert.equal(
    clean('<a href="../x?a=1&b=2">x</a><a href="//other.test/">o</a><a href="#note">n</a><img src="p.jpg">'),
    '<a href="https://dome.test/x?a=1&amp;b=2">x</a><a href="https://other.test/">o</a>' +
      '<a href="https://dome.test/2026/story#note">n</a><img src="https://dome.test/2026/p.jpg" alt="" />',
  );
  const refused = [
    'javascript:alert(1)',
    ' java\tscript:alert(1)',
    '&#x6a;avascript&colon;alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.test/1',
    'ftp://a.test/',
    'cid:1',
    'https://',
  ];
  for (const href of refused) {
    assert.equal(clean(`<a href="${href}">words</a>`), '<a>words</a>', href);
    assert.equal(clean(`a<img src="${href}" alt="x">b`), 'ab', href);
  }
});

test('nothing that runs, styles or reaches out is left', () => {
  const gone = [
    '<script>alert(1)</script>',
    '<style>p{color:red}</style>',
    '<iframe src="https://evil.test/"></iframe>',
    '<svg><script>alert(1)</script><text>t</text></svg>',
    '<math><mtext>m</mtext></math>',
    '<object data="x">o</object>',
    '<template><p>t</p></template>',
    '<textarea>t</textarea>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<img src="data:image/gif;base64,R0lGOD" srcset="https://a.test/1 1x">',
    '<meta http-equiv="refresh" content="0;url=https://evil.test/"><base href="https://evil.test/"><link rel="stylesheet" href="x">',
    '<form action="https://evil.test/"><input name="q"></form>',
  ];
  for (const html of gone) assert.equal(clean(html).replace(/"&gt;$/, ''), '', html);
  assert.equal(
    clean(
      '<p onclick="x()" style="position:fixed" id="a" class="b" data-x="1" lang="&quot;onx=1" dir="up">w</p>',
    ),
    '<p>w</p>',
  );
  assert.equal(clean('<div contenteditable autofocus onfocus=alert(1)>w'), '<div>w</div>');
});

test('cleaning what is clean changes nothing, whatever it was', () => {
  const piece = fc.constantFrom(
    ...[
      '<p>',
      '</p>',
      '<a href="',
      '">',
      '<img src=x ',
      'onerror=alert(1)',
      '>',
      '<svg>',
      '</svg>',
      '<!--',
      '-->',
      '<script>',
      '</script>',
    ],
    ...[
      '<![CDATA[',
      ']]>',
      '&lt;',
      '&amp;',
      '"',
      "'",
      '<',
      'javascript:',
      '<style>',
      '</style>',
      '<table>',
      '<td>',
      'آج',
      '\u2028',
      '{{x}}',
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 25 }), (pieces) => {
      const once = clean(pieces.join(''));
      assert.equal(clean(once), once);
      assert.doesNotMatch(once, /<(?!\/?[a-z])|<[^>]*\son\w+\s*=|<(script|style|svg)/i);
    }),
  );
});

test('a paragraph inside another, once the tag between them is gone, ends it', () => {
  assert.equal(clean('<p>one<A<p>two<p>three'), '<p>onetwo</p><p>three</p><p></p>');
});

test('a bomb of tags becomes text at once', () => {
  const start = process.cpuUsage().user;
  assert.equal(clean(`${'<div>'.repeat(300_000)}words &amp; <b>more`), 'words &amp;amp;  more');
  assert.equal(plainText(`${'<div>'.repeat(300_000)}words`), 'words');
  assert.ok(process.cpuUsage().user - start < 2_000_000);
});

test('plain text has the words and nothing else', () => {
  assert.equal(
    plainText(
      '<p>One &amp; <a href="https://x.test/">two</a>\n\t three</p><p>four<br>five</p><script>x</script>',
    ),
    'One & two three four five',
  );
  assert.equal(
    plainText('<h1>Not shouted</h1><ul><li>a<li>b</ul><img src="x" alt="pic">'),
    'Not shouted • a • b',
  );
  assert.equal(
    plainText('a &lt;b&gt; {{x}} آج\u200cها &nbsp;\u2028 \u3000 🏛️'),
    'a <b> {{x}} آج\u200cها \u00a0\u2028 \u3000 🏛️',
  );
  assert.equal(
    plainParagraphs('<h2>Head</h2><p>a\nb</p><table><tr><td>c</td><td>d</td></tr></table>'),
    'Head\n\na b\n\nc\n\nd',
  );
});
