import { graphemeCount } from '../../editions/wording.ts';
import type { Checked, Finding } from './finding.ts';

const LONGEST_SUBJECT = 60;
const PREHEADER = { least: 40, most: 110 };
const NO_SUBJECT = /^\s*(the\s+)?(daily|morning|today.s)\s+(digest|newsletter|edition|update)\b/i;

/** P09: what an inbox shows first. */
export function checkSubject({ model: { subject }, facts }: Checked): Finding[] {
  const found = (level: Finding['level'], says: string): Finding[] => [
    { check: 'P09', level, says, at: { field: 'subject' } },
  ];
  if (subject.trim() === '') return found('block', 'the subject is empty');
  if (/\p{Cc}/u.test(subject)) return found('block', 'the subject has control characters');
  if (/[\u202D\u202E]/.test(subject))
    return found('block', 'the subject overrides the direction of its letters');
  if (isUnbalanced(subject))
    return found('block', 'the subject opens a change of direction and does not close it');
  if (/^\s*(re|fwd?)\s*:/i.test(subject))
    return found('block', `the subject passes for an answer: ${subject}`);
  if (facts?.subjects.includes(subject))
    return found('hold', `the subject is that of one of the last ten editions: ${subject}`);
  return [
    ...(graphemeCount(subject) > LONGEST_SUBJECT
      ? found(
          'warn',
          `the subject has ${graphemeCount(subject)} characters; under ${LONGEST_SUBJECT} is better`,
        )
      : []),
    ...((subject.match(/\p{Extended_Pictographic}/gu)?.length ?? 0) > 1
      ? found('warn', 'the subject has more than one picture among its letters')
      : []),
    ...(NO_SUBJECT.test(subject) ? found('warn', 'the subject tells nothing of the day') : []),
  ];
}

/** P10: the line beside the subject. */
export function checkPreheader({ model }: Checked): Finding[] {
  const { preheader, subject, lead } = model;
  const warn = (says: string): Finding => ({ check: 'P10', level: 'warn', says, at: { field: 'preheader' } });
  const length = graphemeCount(preheader);
  return [
    ...(length < PREHEADER.least || length > PREHEADER.most
      ? [warn(`the preheader has ${length} characters; ${PREHEADER.least} to ${PREHEADER.most} expected`)]
      : []),
    ...(preheader === subject || preheader === lead?.headline
      ? [warn('the preheader says what stands beside it already')]
      : []),
    ...(/https?:\/\//i.test(preheader) ? [warn('the preheader holds an address')] : []),
  ];
}

/** P06, of an editor's words: a note to oneself that was left in them. */
export function checkNotes({ model, words }: Checked): Finding[] {
  const said = [
    { field: 'subject', text: model.subject },
    { field: 'preheader', text: model.preheader },
    { field: 'editors_line', text: model.editors_line ?? '' },
    ...(words ?? []),
  ];
  return said
    .filter(({ text }) => /\bTK(TK)?\b/.test(text))
    .map(({ text, ...at }) => ({ check: 'P06', level: 'hold', says: `TK stands in “${text}”`, at }));
}

/** P16: signs that turn the direction of what follows. */
export function checkDirection({ words }: Checked): Finding[] {
  return (words ?? []).flatMap(({ text, ...at }): Finding[] => {
    if (/[\u202D\u202E]/.test(text))
      return [{ check: 'P16', level: 'block', says: `“${text}” overrides the direction of its letters`, at }];
    return isUnbalanced(text)
      ? [
          {
            check: 'P16',
            level: 'block',
            says: `“${text}” opens a change of direction and does not close it`,
            at,
          },
        ]
      : [];
  });
}

/** Isolates and embeddings (UAX #9) that are opened more often than closed, or the other way round. */
function isUnbalanced(text: string): boolean {
  const count = (signs: RegExp) => text.match(signs)?.length ?? 0;
  return (
    count(/[\u2066-\u2068]/g) !== count(/\u2069/g) ||
    count(/[\u202A\u202B\u202D\u202E]/g) !== count(/\u202C/g)
  );
}
