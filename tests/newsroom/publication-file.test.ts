import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePlan } from '../../src/newsroom/publication/read.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../docs/publication.example.json'), 'utf8');
const PLACE = 'publication.json';

/** The example with the value at `path` (such as `sections.0.name`) replaced; undefined takes it out. */
function exampleWith(path: string, value: unknown): string {
  const file = JSON.parse(EXAMPLE);
  const keys = path.split('.');
  const last = keys.pop() as string;
  keys.reduce((at, key) => at[key], file)[last] = value;
  return JSON.stringify(file);
}

const problemsOf = (text: string): string => {
  try {
    parsePlan(text, { place: PLACE });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('the example is a publication file without a problem', () => {
  const plan = parsePlan(`\uFEFF${EXAMPLE}`, { place: PLACE });
  assert.deepEqual(plan.publication.publishing_weekdays, [1, 2, 3, 4, 5]);
  assert.equal(plan.publication.weekly_on, 5);
  assert.equal(plan.publication.press_time.toString(), '06:00:00');
  assert.equal(plan.feeds.length, 4);
});

const REFUSED: [path: string, value: unknown, complaint: RegExp][] = [
  ['publication.slug', 'mailbox', /publication\.slug: slug "mailbox" is the address of a page of ours/],
  ['publication.slug', 'Dome Daily', /publication\.slug: "Dome Daily"; expected lower-case letters/],
  ['publication.name', ' ', /publication\.name: " "; expected one line/],
  ['publication.tagline', undefined, /publication\.tagline: missing; expected one line/],
  ['publication.from_name', 'A\nBcc: x', /publication\.from_name: "A\\nBcc: x"; expected one line/],
  ['publication.from_address', 'daily', /publication\.from_address: "daily" is not an address.*it has no @/],
  ['publication.reply_to', 'a@b', /publication\.reply_to: .*the domain has no dot/],
  ['publication.site_url', 'http://dome.example/', /publication\.site_url: .*; expected an https address/],
  ['publication.privacy_url', 'javascript:alert(1)', /publication\.privacy_url: .*expected an https address/],
  ['publication.lang', 'e', /publication\.lang: "e"; expected a language tag/],
  ['publication.dir', 'up', /publication\.dir: "up"; expected one of "ltr", "rtl"/],
  [
    'publication.zone',
    'America/Washington',
    /publication\.zone: "America\/Washington"; expected a time zone/,
  ],
  ['publication.zone', '+02:00', /publication\.zone: "\+02:00"; expected a time zone/],
  ['publication.press_time', '25:00', /publication\.press_time: "25:00"; expected a local time/],
  [
    'publication.publishing_weekdays',
    'mon-fry',
    /publishing_weekdays: "fry" in days "mon-fry" is no weekday/,
  ],
  ['publication.publishing_weekdays', [], /publishing_weekdays: .* is no weekday/],
  ['publication.weekly_on', 'fryday', /weekly_on: "fryday" is no weekday; expected one such as fri/],
  ['publication.weekly_on', 5, /weekly_on: 5; expected a weekday such as "fri", or null/],
  ['publication.publishing_weekdays', 5, /publishing_weekdays: 5; expected weekdays/],
  [
    'publication.dark_dates.0.dark_on',
    '2026-02-30',
    /dark_dates\[0\]\.dark_on: "2026-02-30"; expected a date/,
  ],
  ['publication.dark_dates.1.dark_on', '2026-11-26', /dark_dates\[1\]\.dark_on: the same as in number 1/],
  ['publication.cutoff_minutes', 1.5, /cutoff_minutes: 1\.5; expected a whole number from 0 to 1440/],
  ['publication.stale_after_hours', 24, /stale_after_hours: 24; expected a whole number from 1 to 23/],
  ['publication.no_action_policy', 'send', /no_action_policy: "send"; expected one of "auto_send_if_green"/],
  ['publication.doubtful_policy', '', /doubtful_policy: ""; expected one of "resend_once"/],
  ['publication.links', 'tracked', /links: "tracked"; expected one of "direct", "mendable", "counted"/],
  ['publication.max_items', undefined, /max_items: missing; expected with min_items and target_items/],
  ['publication.max_items', 5, /target_items: 12; expected at least min_items, 3, and at most max_items, 5/],
  ['publication.press_tiem', '06:00', /publication\.press_tiem: not known here/],
  ['sections.0.weight', 1.2, /sections\[0\]\.weight: 1\.2; expected a number from 0 to 1/],
  ['sections.1.name', '!!!', /sections\[1\]\.name: "!!!"; expected a name with a letter/],
  ['sections.0.default', true, /sections: "Congress" and "Policy" are default; expected exactly one/],
  ['sections.3.default', false, /sections: none is default/],
  ['sections.1.name', 'CONGRESS!', /sections\[1\]\.name: the same as in number 1/],
  ['sections.1.categories.0', 'senate', /sections\[1\]\.categories\[0\]: .*fills section "Congress" already/],
  ['sections.2.feeds.0', 'Notebook', /sections\[2\]\.feeds\[0\]: no feed is named "Notebook".*"Top stories"/],
  ['sections.3.feeds.0.feed', 'Wire', /sections\[3\]\.feeds\[0\]: no feed is named "Wire"/],
  ['sections.3.feeds.0', 7, /sections\[3\]\.feeds\[0\]: 7; expected a feed's name, or/],
  ['feeds.1.url', 'ftp://dome.example/', /feeds\[1\]\.url: .*expected an https address/],
  ['feeds.1.url', 'https://statewire.example/rss', /feeds\[3\]\.url: the same as in number 2/],
  ['feeds.1.name', 'Top stories', /feeds\[1\]\.name: the same as in number 1/],
  ['feeds.1.poll_minutes', 0, /feeds\[1\]\.poll_minutes: 0; expected a whole number/],
  ['feeds', {}, /feeds: \{\}; expected a list of feeds/],
  ['offer.allowance', '10', /offer\.allowance: "10"; expected a whole number/],
  ['offer.unit', 'weeks', /offer\.unit: "weeks"; expected one of "editions"/],
  ['plans.0.price.currency', 'XXQ', /plans\[0\]\.price\.currency: "XXQ"; expected a currency/],
  ['plans.0.interval', 'week', /plans\[0\]\.interval: "week"; expected one of "month", "year"/],
  ['plans.1.slug', 'monthly', /plans\[1\]\.slug: the same as in number 1/],
  ['plans.1.slug', 'The Year', /plans\[1\]\.slug: .*expected lower-case letters/],
  ['offer', undefined, /offer: missing; expected an object: the offer/],
];

for (const [path, value, complaint] of REFUSED) {
  test(`${path} of ${JSON.stringify(value) ?? 'nothing'} is refused, saying what was expected`, () => {
    assert.match(problemsOf(exampleWith(path, value)), complaint);
  });
}

test('every problem is reported at once, also what one part says wrongly of another', () => {
  const file = JSON.parse(exampleWith('publication.zone', 'Nowhere'));
  delete file.publication.name;
  file.sections[2].feeds = ['Notebook'];
  file.feeds[0].url = 'feeds/top.xml';
  const message = problemsOf(JSON.stringify(file));
  assert.match(message, /^publication\.json has 4 problems\n/);
  for (const place of [
    'publication.name: ',
    'publication.zone: ',
    'sections[2].feeds[0]: ',
    'feeds[0].url: ',
  ])
    assert.ok(message.includes(`\n  ${place}`), place);
});

test('what is no publication file at all is refused in a sentence', () => {
  assert.match(problemsOf('{"publication": '), /publication\.json is no JSON: /);
  for (const text of ['null', '[]', '"x"', '7', '{}'])
    assert.match(problemsOf(text), /^publication\.json has \d problems?\n.*expected an object/);
});

test('a feed on loopback may be read over http', () => {
  assert.equal(problemsOf(exampleWith('feeds.0.url', 'http://127.0.0.1:8080/feed.xml')), '');
});
