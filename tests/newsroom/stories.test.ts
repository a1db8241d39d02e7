import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOME_DAILY, SECTIONS } from '../../src/newsroom/dome-daily.ts';
import { picture } from '../../src/newsroom/pictures.ts';
import { listStories, type Story } from '../../src/newsroom/story.ts';

/** Presidents and leaders of our day, and the states; New York but as the name of a time zone. */
const REAL =
  /\b(Biden|Trump|Obama|Vance|Pelosi|Schumer|McConnell|Jeffries|Thune|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New (Hampshire|Jersey|Mexico|York)|Carolina|Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|Virginia|Wisconsin|Wyoming)\b/;

const stories = listStories();
const own = stories.filter(({ wire }) => !wire);
const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;
const all = (story: Story): string => JSON.stringify(story);

test('there are fourteen stories and one wire copy, in every section as many as a page can hold', () => {
  assert.deepEqual([own.length, stories.length], [14, 15]);
  assert.equal(new Set(stories.map(({ slug }) => slug)).size, 15);
  for (const { name } of SECTIONS) {
    const held = own.filter(({ section }) => section === name).length;
    assert.ok(held >= 2 && held <= 4, `${name} has ${held}`);
  }
});

for (const story of stories) {
  test(`${story.slug} keeps the lengths of the digest`, () => {
    const { headline, summary, body, hours_before_press, image } = story;
    assert.ok(headline.length <= 90, `headline of ${headline.length}`);
    assert.ok(words(summary) >= 30 && words(summary) <= 60, `summary of ${words(summary)} words`);
    const [first = ''] = summary.split(/(?<=\.”?) (?=\p{Lu}|“)/u).filter((part) => words(part) > 2);
    assert.ok(words(first) >= 8 && words(first) <= 30, `a summary that cannot be cut after "${first}"`);
    assert.ok(words(body.join(' ')) >= 120 && words(body.join(' ')) <= 260);
    assert.ok(hours_before_press >= 0.5 && hours_before_press <= 20);
    if (!image) return;
    assert.ok(image.alt.length >= 5 && image.alt.length <= 150);
    assert.ok(image.alt !== headline && image.alt !== image.caption);
    assert.ok(words(image.caption) <= 20);
    assert.match(image.credit, /^\S.*\/Dome Daily$/);
    assert.ok(picture(image.name), `there is no picture ${image.name}`);
  });
}

test('the lead alone has the highest priority, a picture, and a headline that makes a whole subject', () => {
  const leads = stories.filter(({ priority }) => priority === 4);
  assert.deepEqual(leads, [stories[0]]);
  assert.ok(leads[0]?.image && leads[0].headline.length <= 60);
  assert.ok(own.filter(({ image }) => image).length >= 3);
});

test('the traps are alive: braces, markup, an ampersand, dashes, curly quotes and two other scripts', () => {
  const text = stories.map(all).join('\n');
  for (const trap of ['{{amount}}', 'amount < 0', 'Clarion & Daughters', '—', '–', '“', '’', '…'])
    assert.ok(text.includes(trap), trap);
  assert.match(stories.map(({ byline }) => byline).join(), /\p{Script=Arabic}/u);
});

test('nothing in it is real: no state, no president of our day, no address that could be reached', () => {
  const text = stories.map(all).join('\n') + JSON.stringify(DOME_DAILY);
  assert.doesNotMatch(text, REAL);
  for (const [, domain] of text.matchAll(/[\w.+-]+@([\w.-]+)/g)) assert.equal(domain, 'dome-daily.test');
});
