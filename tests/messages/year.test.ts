import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreEditions } from '../corpora/editions.ts';
import { generateNews } from '../support/generated-news.ts';

// A year of real news is scored by "npm run corpora -- --only editions"; these are a few, of words that are hard on a mail.

test('a dozen editions of hard words are under 80,000 bytes, valid and whole for the longest names, in every variant', async () => {
  const news = generateNews({ days: 6, stories: 24 });
  const { bytes, valid, by_rule, largest_bytes } = await scoreEditions(news, undefined, 12);
  assert.deepEqual([bytes.of, bytes.failing], [12, []]);
  assert.deepEqual([valid.of, valid.failing], [12, []]);
  assert.deepEqual([...by_rule], []);
  assert.ok(largest_bytes > 20_000, `${largest_bytes} bytes`);
});
