import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { articleNumber, storyKey } from '../../src/articles/canonical.ts';

const STORY = 'https://dome.test/2026/11/cr-vote-slips';

test('every way to the same page has the same key', () => {
  const ways = [
    'http://www.dome.test/2026/11/cr-vote-slips/',
    'https://DOME.test:443/2026/11/cr-vote-slips#comments',
    'http://dome.test:80/2026/11//cr-vote-slips/index.html',
    'https://dome.test/2026/11/cr-vote-slips?utm_source=rss&UTM_Medium=feed&fbclid=x&ref=home&ncid=1&cmpid=2',
    'https://dome.test/2026/11/cr-vote-slips?amp;utm_source=rss&amp;utm_medium=feed',
    'https://amp.dome.test/2026/11/cr-vote-slips/amp/',
    'https://m.dome.test/2026/11/cr-vote-slips?amp=1',
    'https://dome.test/amp/2026/11/cr-vote-slips?outputType=amp',
    'https://www.google.com/amp/s/www.dome.test/2026/11/cr-vote-slips/',
    'https://www-dome-test.cdn.ampproject.org/c/s/www.dome.test/2026/11/cr-vote-slips?usqp=mq331',
    ' https://dome.test/2026/11/cr%2Dvote%2dslips ',
    'https://user:word@dome.test./2026/11/cr-vote-slips;jsessionid=A1?gclid=9',
  ];
  assert.deepEqual([...new Set(ways.map(storyKey))], [STORY]);
});

test('what may name another story stays in the key', () => {
  const others = [
    'https://dome.test/story?id=1',
    'https://dome.test/story?id=2',
    'https://dome.test/Story?id=1',
    'https://dome.test:8080/story?id=1',
    'https://news.dome.test/story?id=1',
    'https://dome.test/story?id=1&page=2',
    'https://dome.test/amphitheatre',
    'https://m.test/',
  ];
  assert.deepEqual(others.map(storyKey), others);
});

test('meaningful parameters are sorted', () => {
  assert.equal(
    storyKey('http://dome.test/s?b=2&utm_id=7&a=%d8%a7&b=1'),
    'https://dome.test/s?a=%D8%A7&b=1&b=2',
  );
});

test('an address in another script has one key, however it is escaped', () => {
  assert.equal(storyKey('https://dome.test/خبر'), storyKey('https://dome.test/%d8%ae%d8%a8%d8%b1'));
});

test('what is no address of a page is refused by name', () => {
  for (const wrong of [
    '',
    'not an address',
    'javascript:alert(1)',
    'mailto:a@dome.test',
    'https://',
    '/story',
  ]) {
    assert.throws(() => storyKey(wrong), { kind: 'invalid', message: /http or https URL was expected/ });
  }
});

test('the key of a key is itself', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'amp',
      'index.html',
      'story.amp',
      '%7e',
      '%c3%a9',
      '%',
      'é',
      ';jsessionid=1',
      '',
      '..',
      'm',
    ),
    fc.string(),
  );
  const host = fc.constantFrom(
    'dome.test',
    'www.m.amp.dome.test',
    'm.test',
    'www.test',
    '10.0.0.1',
    '[::1]:8080',
    'a.b:80',
  );
  const name = fc.oneof(fc.constantFrom('utm_x', 'amp;amp;id', 'id', 'output', 'ref'), fc.string());
  const query = fc.array(fc.tuple(name, fc.oneof(fc.constant('amp'), fc.string())));
  fc.assert(
    fc.property(fc.constantFrom('http', 'https'), host, fc.array(word), query, (scheme, at, words, pairs) => {
      const address = `${scheme}://${at}/${words.join('/')}?${pairs.map((pair) => pair.join('=')).join('&')}`;
      fc.pre(URL.canParse(address));
      assert.equal(storyKey(storyKey(address)), storyKey(address));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (address) => {
      assert.equal(storyKey(storyKey(address)), storyKey(address));
    }),
  );
});

test('an article keeps its number when its address changes with its headline', () => {
  const number = articleNumber(storyKey('https://www.npr.org/2023/03/23/1165527249/ftc-rule-charges-cancel'));
  assert.equal(number, 'npr.org 1165527249');
  assert.equal(articleNumber(storyKey('https://npr.org/2023/03/23/1165527249/click-to-cancel')), number);
  assert.equal(
    articleNumber(storyKey('https://thehill.com/homenews/3899651-another-house-collapses/')),
    'thehill.com 3899651',
  );
});

test('a date, a short number or two numbers in an address name no article', () => {
  for (const path of [
    '20230323/morning-report',
    '2023/03/23/a-story',
    'news/12345',
    'gallery/1234567/7654321',
  ])
    assert.equal(articleNumber(storyKey(`https://dome.test/${path}`)), null, path);
});
