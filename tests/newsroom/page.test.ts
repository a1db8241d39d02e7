import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { parseHTML } from 'linkedom';
import { readPage } from '../../src/articles/intake/page.ts';
import { storyPage } from '../../src/newsroom/page.ts';
import { approvedComments, listStories, storyUrl } from '../../src/newsroom/story.ts';

const at = Temporal.Instant.from('2026-11-23T11:00:00Z');
const publicUrl = 'http://127.0.0.1:3000';
const pageOf = (slug: string): string => storyPage(slug, { publicUrl, at }) as string;

test('there is no page for a story that there is not', () => {
  assert.equal(storyPage('nothing', { publicUrl, at }), undefined);
});

test('every page is valid HTML', async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: { 'long-title': 'off' }, // a headline may be longer, and the paper's name follows it
  });
  for (const { slug } of listStories()) {
    const { results } = await validator.validateString(pageOf(slug));
    const problems = results.flatMap(({ messages }) =>
      messages.map(({ message, line }) => `${line}: ${message}`),
    );
    assert.deepEqual(problems, [], slug);
  }
});

for (const story of listStories()) {
  test(`${story.slug} can be imported from its page with nothing lost`, () => {
    const url = storyUrl(story, publicUrl);
    const read = readPage(Buffer.from(pageOf(story.slug)), { url, content_type: 'text/html; charset=utf-8' });
    assert.deepEqual(
      [read.url, read.headline, read.byline, read.section, read.summary],
      [url, story.headline, story.byline, story.section, story.summary],
    );
    const published = at.subtract({ minutes: Math.round(story.hours_before_press * 60) });
    assert.equal(String(read.published_at), String(published));
    for (const paragraph of story.body) assert.ok(read.body_text.includes(paragraph), paragraph);
    assert.deepEqual(
      read.image && [
        read.image.alt,
        read.image.caption,
        read.image.credit,
        read.image.width,
        read.image.height,
      ],
      story.image ? [story.image.alt, story.image.caption, story.image.credit, 1200, 676] : null,
    );
    assert.deepEqual(
      read.comments.map(({ author_name, body_text }) => [author_name, body_text]),
      approvedComments(story).map(({ author_name, text }) => [author_name, text]),
    );
    assert.equal(read.comment_count, approvedComments(story).length);
  });
}

test('a comment that nobody approved is nowhere on the page', () => {
  assert.doesNotMatch(pageOf('harbor-lights-vote'), /Tamarack Tom/);
});

test('names in other scripts are marked with their language and direction', () => {
  const { document } = parseHTML(pageOf('harbor-lights-vote'));
  assert.equal(document.querySelector('[itemprop=name] [lang=ur][dir=rtl]')?.textContent, 'عائشہ قریشی');
  assert.match(pageOf('rural-by-weather'), /<span dir="rtl" lang="ar">هدى الكرماني<\/span>/);
});
