import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage } from '../../src/articles/intake/page.ts';
import { plainParagraphs } from '../../src/articles/intake/sanitize.ts';

/** How many cases of a set came out right, and the names of those that did not, with the reason. */
export type Score = { right: number; of: number; failing: string[] };

const LEAST_F1 = 0.95;

/**
 * Scores the reading of saved pages: a folder a page with `source.html`, `expected.html`, `expected-metadata.json`.
 * Right is a word-level F1 of the text of at least 0.95 against the expected article, and the expected title.
 */
export async function scorePages(folder: string): Promise<Score> {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'source.html')));
  const failing = names.flatMap((name) => complaintOn(join(folder, name)).map((why) => `${name}: ${why}`));
  const wrong = new Set(failing.map((line) => line.split(':')[0]));
  return { right: names.length - wrong.size, of: names.length, failing };
}

function complaintOn(folder: string): string[] {
  const read = (file: string) => readFileSync(join(folder, file));
  const { title } = JSON.parse(read('expected-metadata.json').toString()) as { title: string };
  try {
    const page = readPage(read('source.html'), { url: 'http://fakehost/test/page.html' });
    const f1 = wordF1(page.body_text, plainParagraphs(read('expected.html').toString()));
    const complaints = f1 >= LEAST_F1 ? [] : [`text F1 ${f1.toFixed(3)}`];
    return fold(page.title) === fold(title)
      ? complaints
      : [...complaints, `title "${page.title}", not "${title}"`];
  } catch (error) {
    return [String(error)];
  }
}

/** The harmonic mean of precision and recall over words, each as often as it occurs. */
function wordF1(actual: string, expected: string): number {
  const [have, want] = [wordsOf(actual), wordsOf(expected)];
  if (have.length + want.length === 0) return 1;
  const left = new Map<string, number>();
  for (const word of want) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of have) {
    const count = left.get(word) ?? 0;
    if (count > 0) common++;
    left.set(word, count - 1);
  }
  return (2 * common) / (have.length + want.length);
}

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

const wordsOf = (text: string): string[] =>
  [...segmenter.segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment.toLowerCase());

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();
