import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from '../../src/articles/intake/sanitize.ts';
import { parseFeed } from '../../src/feeds/parse.ts';
import { newsroomFeed } from '../../src/newsroom/feed.ts';
import { listStories } from '../../src/newsroom/story.ts';

const at = Temporal.Instant.from('2026-11-23T11:00:00Z');
const publicUrl = 'http://127.0.0.1:3000';
const xml = newsroomFeed({ publicUrl, at });
const feed = parseFeed(Buffer.from(xml), {
  url: `${publicUrl}/newsroom/feed.xml`,
  content_type: 'application/rss+xml',
});

test('the feed carries every story in the newsroom’s order, word for word', () => {
  assert.equal(feed.title, 'Dome Daily');
  assert.equal(feed.lang, 'en-US');
  assert.deepEqual(
    feed.entries.map(({ title, byline, categories }) => [title, byline, categories]),
    listStories().map(({ headline, byline, section }) => [headline, byline, [section]]),
  );
  for (const [i, story] of listStories().entries()) {
    assert.equal(plainText(feed.entries[i]?.summary_html ?? ''), story.summary);
    const paragraphs = (feed.entries[i]?.content_html ?? '').split('\n').map(plainText);
    assert.deepEqual(paragraphs, story.body);
  }
});

test('a picture comes with its words and size, and comments with their number', () => {
  const [lead] = feed.entries;
  const [story] = listStories();
  assert.deepEqual(lead?.image, {
    url: `${publicUrl}/pictures/${story?.image?.name}.png`,
    alt: story?.image?.alt,
    caption: story?.image?.caption,
    credit: story?.image?.credit,
    width: 1200,
    height: 676,
  });
  assert.equal(lead?.comment_count, 2);
});

test('every story is dated within the 22 hours before press, an hour before it at the latest', () => {
  for (const { published_at, title } of feed.entries) {
    const hours = at.since(published_at as Temporal.Instant).total('hours');
    assert.ok(hours > 1 && hours < 22, `${title}: ${hours}`);
  }
});

test('the same press gives the same feed to the byte', () => {
  assert.equal(newsroomFeed({ publicUrl, at }), xml);
  assert.equal(newsroomFeed({ publicUrl, at: at.add({ microseconds: 400 }) }), xml);
});

test('the wire copy has a tracking mark in its address', () => {
  const marked = feed.entries.filter(({ url }) => url?.includes('utm_source=capitol-wire&utm_medium=feed'));
  assert.equal(marked.length, 1);
});
