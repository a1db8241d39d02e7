import type { ContentItem, EditionContent } from '../content.ts';

/** A stretch of a text that stands in both, went, or came. */
export type Piece = { text: string; is: 'same' | 'gone' | 'new' };
/** What is otherwise in one content than in another: of the edition, or of the story of that headline. */
export type Difference = { what: string; headline: string | null; pieces: Piece[] };

/** The words of two texts side by side: what stands in both, what went and what came, in the order they are read. */
export function diffWords(before: string, after: string): Piece[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const length = commonLengths(a, b);
  const pieces: Piece[] = [];
  const add = (is: Piece['is'], text: string) => {
    const last = pieces.at(-1);
    if (last?.is === is) last.text += ` ${text}`;
    else pieces.push({ is, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i++] as string);
      j++;
    } else if (j >= b.length || (i < a.length && at(length, i + 1, j) >= at(length, i, j + 1)))
      add('gone', a[i++] as string);
    else add('new', b[j++] as string);
  }
  return pieces;
}

const wordsOf = (text: string): string[] => text.match(/\S+/g) ?? [];
const at = (rows: number[][], i: number, j: number): number => rows[i]?.[j] ?? 0;

/** How many words the rest of one text from each place has in common with the rest of the other, in order. */
function commonLengths(a: string[], b: string[]): number[][] {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (rows[i] as number[])[j] =
        a[i] === b[j] ? 1 + at(rows, i + 1, j + 1) : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
  return rows;
}

/** What is otherwise in `after` than in `before`; nothing where both say the same. Only moves from one part of the page to another count. */
export function diffContents(before: EditionContent, after: EditionContent): Difference[] {
  const [were, are] = [onPage(before), onPage(after)];
  const found = <T extends ContentItem>(list: T[], one: ContentItem) =>
    list.find(({ article_id }) => article_id === one.article_id);
  return [
    ...differing({ ...before.brought, ...wordsIn(before) }, { ...after.brought, ...wordsIn(after) }, null),
    ...are
      .filter((one) => !found(were, one))
      .map((one) => whole(one, one.breaking ? 'breaks in' : 'comes in', 'new')),
    ...were.filter((one) => !found(are, one)).map((one) => whole(one, 'goes out', 'gone')),
    ...are.flatMap((one) => {
      const was = found(were, one);
      return was ? differing(itemWords(was), itemWords(one), one.headline) : [];
    }),
  ];
}

const onPage = ({ items }: EditionContent): ContentItem[] => items.filter(({ dropped }) => !dropped);

const whole = ({ headline }: ContentItem, what: string, is: Piece['is']): Difference => ({
  what,
  headline,
  pieces: [{ text: headline, is }],
});

const wordsIn = ({ subject, preheader, editors_line }: EditionContent) => ({
  subject,
  preheader,
  editors_line,
});

const itemWords = ({ place, show_image, own, headline, summary }: ContentItem) => ({
  ...own,
  ...{ place, headline, summary, picture: show_image ? 'shown' : 'not shown' },
});

type Said = Record<string, string | null | undefined>;

function differing(before: Said, after: Said, headline: string | null): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => (before[field] ?? '') !== (after[field] ?? ''))
    .map((field) => ({
      what: field.replaceAll('_', ' '),
      headline,
      pieces: diffWords(before[field] ?? '', after[field] ?? ''),
    }));
}
