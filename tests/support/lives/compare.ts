import type { LetterTold, Life, Story } from '../reader-model/life.ts';

/** Where the program and the model tell differently of a reader. */
export type Difference = { life: Life; of: string; model: unknown; program: unknown };

/** Every difference between what the model and the program tell of a reader; none is how it must be. */
export function compare(life: Life, model: Story, program: Story): Difference[] {
  const found: Difference[] = [];
  const differ = (of: string, model: unknown, program: unknown) => found.push({ life, of, model, program });
  for (const part of ['answers', 'editions', 'trial'] as const)
    if (!isSame(model[part], program[part])) differ(part, model[part], program[part]);
  const [ours, theirs] = [inOrder(model.letters), inOrder(program.letters)];
  const isLettersSame =
    ours.length === theirs.length &&
    ours.every((letter, place) => isSameLetter(letter, theirs[place] as LetterTold));
  if (!isLettersSame) differ('letters', ours.map(inWords), theirs.map(inWords));
  return found;
}

/** A difference in words: the life, and what each says. */
export function describe({ life, of, model, program }: Difference): string {
  const acts = life.acts.map(({ at, ...act }) => `  ${moment(at)} ${JSON.stringify(act)}`);
  return [`${life.name}: ${of}`, ...acts, ...listed('model', model), ...listed('program', program)].join(
    '\n',
  );
}

const listed = (who: string, told: unknown): string[] => [
  ` ${who}:`,
  ...(Array.isArray(told) ? told : [told]).map(
    (one) => `  ${typeof one === 'string' ? one : JSON.stringify(one)}`,
  ),
];

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Any of the reasons that hold will do. */
const isSameLetter = (model: LetterTold, program: LetterTold): boolean =>
  isSame(
    [model.letter, model.due, model.word, model.at],
    [program.letter, program.due, program.word, program.at],
  ) &&
  program.why.every((reason) => model.why.includes(reason)) &&
  model.why.length > 0 === program.why.length > 0;

const inOrder = (letters: LetterTold[]): LetterTold[] =>
  letters.toSorted(
    (a, b) =>
      a.due - b.due || (a.letter < b.letter ? -1 : Number(a.letter > b.letter)) || (a.at ?? 0) - (b.at ?? 0),
  );

const inWords = ({ letter, due, word, at, why }: LetterTold): string =>
  `${letter} due ${moment(due)} ${word} ${at === null ? '' : moment(at)} ${why.join(' or ')}`.trim();

const moment = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'minute' });
