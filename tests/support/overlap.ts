import { visibleText } from './visible-text.ts';

/**
 * How much the two parts of a message say the same, from 0 to 1: the words they share, each as often as it stands in
 * both, over the words of the longer. Addresses of the web are no words: HTML hides them in its links.
 */
export function wordOverlap(text: string, html: string): number {
  const [plain, marked] = [wordsOf(text), wordsOf(visibleText(html))];
  const left = new Map<string, number>();
  for (const word of marked) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of plain) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return shared / Math.max(plain.length, marked.length, 1);
}

function wordsOf(text: string): string[] {
  const said = text.replace(/https?:\/\/\S+/g, ' ').replace(/[\u2066-\u2069]/g, '');
  return said.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
