import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Asked, judgeClick, secondsSince } from '../../../src/events/clicks/judge-click.ts';

const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36';
const person: Asked = {
  method: 'GET',
  user_agent: SAFARI,
  purpose: null,
  sec_purpose: null,
  x_moz: null,
  sec_fetch_mode: null,
  sec_fetch_dest: null,
  seconds_since_accepted: 600,
};
const reason = (over: Partial<Asked>) => judgeClick({ ...person, ...over }).reason;

test('a page opened in a browser is a person, whether or not the browser says how it fetches', () => {
  const navigating = { sec_fetch_mode: 'navigate', sec_fetch_dest: 'document' };
  for (const over of [{}, navigating, { user_agent: CHROME, ...navigating }])
    assert.deepEqual(judgeClick({ ...person, ...over }), { verdict: 'person', reason: 'browser' });
  const cubot = CHROME.replace('Windows NT 10.0; Win64; x64', 'Linux; Android 14; CUBOT_X90');
  assert.equal(reason({ user_agent: cubot }), 'browser', 'a telephone, by its name');
});

const MACHINES: [string, Partial<Asked>][] = [
  ['not_a_get', { method: 'HEAD' }],
  ['not_a_get', { method: 'OPTIONS' }],
  ['prefetch', { sec_purpose: 'prefetch;prerender' }],
  ['prefetch', { purpose: 'prefetch' }],
  ['prefetch', { purpose: 'preview' }],
  ['prefetch', { x_moz: 'prefetch' }],
  ['no_user_agent', { user_agent: null }],
  ['no_user_agent', { user_agent: '  ' }],
  ['scanner', { user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
  ['scanner', { user_agent: `${CHROME} BingPreview/1.0b` }],
  ['scanner', { user_agent: 'facebookexternalhit/1.1' }],
  ['scanner', { user_agent: 'BarracudaCentral/1.0' }],
  ['scanner', { user_agent: 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)' }],
  ['scanner', { user_agent: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
  ['program', { user_agent: 'curl/8.14.1' }],
  ['program', { user_agent: 'python-requests/2.32' }],
  ['program', { user_agent: 'Go-http-client/2.0' }],
  ['program', { user_agent: 'A reader/1.0' }],
  ['program', { user_agent: CHROME.replace('Chrome/', 'HeadlessChrome/') }],
  ['no_navigation', { sec_fetch_mode: 'no-cors' }],
  ['no_navigation', { sec_fetch_mode: 'navigate', sec_fetch_dest: 'iframe' }],
  ['before_the_mail', { seconds_since_accepted: null }],
  ['too_soon', { seconds_since_accepted: 1.9 }],
];

for (const [expected, over] of MACHINES)
  test(`${JSON.stringify(over)} is a machine: ${expected}`, () => {
    assert.deepEqual(judgeClick({ ...person, ...over }), { verdict: 'machine', reason: expected });
  });

const header = fc.option(fc.constantFrom('prefetch', 'navigate', 'document', 'cors', 'image', ''), {
  nil: null,
});
const anyAsked: fc.Arbitrary<Asked> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST'),
  user_agent: fc.option(fc.oneof(fc.constantFrom(SAFARI, CHROME, 'curl/8'), fc.string()), { nil: null }),
  purpose: header,
  sec_purpose: header,
  x_moz: header,
  sec_fetch_mode: header,
  sec_fetch_dest: header,
  seconds_since_accepted: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null }),
});

test('whatever is asked is judged, the same each time, and a person only for a GET by a named browser after the mail', () => {
  fc.assert(
    fc.property(anyAsked, (asked) => {
      const judged = judgeClick(asked);
      assert.deepEqual(judgeClick(asked), judged);
      if (judged.verdict === 'machine') return;
      assert.equal(asked.method, 'GET');
      assert.match(asked.user_agent ?? '', /^(Mozilla|Opera)\//);
      assert.ok((asked.seconds_since_accepted ?? 0) >= 2);
    }),
  );
});

test('one sign of a machine is enough: it turns every person into one', () => {
  const anyPerson = fc.record({
    ...Object.fromEntries(Object.entries(person).map(([name, value]) => [name, fc.constant(value)])),
    user_agent: fc.constantFrom(SAFARI, CHROME),
    sec_fetch_mode: fc.constantFrom(null, 'navigate'),
    sec_fetch_dest: fc.constantFrom(null, 'document'),
    seconds_since_accepted: fc.integer({ min: 2, max: 1_000_000 }),
  }) as fc.Arbitrary<Asked>;
  fc.assert(
    fc.property(anyPerson, fc.constantFrom(...MACHINES), (asked, [, sign]) => {
      assert.equal(judgeClick(asked).verdict, 'person');
      assert.equal(judgeClick({ ...asked, ...sign }).verdict, 'machine');
    }),
  );
});

test('the time since the first message is unknown where none was accepted, or only later', () => {
  const at = Temporal.Instant.from('2026-11-23T11:00:00Z');
  assert.equal(secondsSince(null, at), null);
  assert.equal(secondsSince(at.add({ seconds: 1 }), at), null);
  assert.equal(secondsSince(at.subtract({ milliseconds: 2500 }), at), 2.5);
});
