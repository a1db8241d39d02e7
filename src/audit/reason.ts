import { invalid } from '../errors.ts';

/** The reason as it is kept, its blanks trimmed. Throws `invalid` where there is none; `to` says what for: "to extend a trial". */
export function requireReason(reason: string, to: string): string {
  const why = reason.trim();
  if (why !== '') return why;
  throw invalid(`no reason ${to} is given; expected one in a few words`);
}
