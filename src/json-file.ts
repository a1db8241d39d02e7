import type { z } from 'zod';
import { invalid, messageOf } from './errors.ts';

/** Something wrong in a file, where, and what was expected. */
export type Problem = { path: PropertyKey[]; message: string };

const LONGEST_VALUE = 60;

/**
 * What the JSON in `text` holds, by `schema`. Throws `invalid` naming every problem at once, each with its place as one
 * would write it in JavaScript, what stands there and what was expected. `place` names the file, `what` its kind;
 * `also` finds what a schema cannot say.
 */
export function parseJsonFile<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  { place, what, also = () => [] }: { place: string; what: string; also?: (file: unknown) => Problem[] },
): z.output<Schema> {
  const file = parseJson(text, { place, what });
  const result = schema.safeParse(file);
  const problems = [...(result.error?.issues.flatMap(problemsOf) ?? []), ...also(file)];
  if (result.success && problems.length === 0) return result.data;
  const lines = problems.map(({ path, message }) => `  ${placeOf(path)}${said(file, path, message)}`);
  throw invalid(`${place} has ${lines.length} problem${lines.length > 1 ? 's' : ''}\n${lines.join('\n')}`);
}

function parseJson(text: string, { place, what }: { place: string; what: string }): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(`${place} is no JSON: ${messageOf(error)}; ${what} was expected`, error);
  }
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  const message = 'not known here; expected only what the example file has';
  return issue.keys.map((key) => ({ path: [...issue.path, key], message }));
}

/** `sections[2].feeds[0]: ` */
function placeOf(path: PropertyKey[]): string {
  const words = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return words ? `${words.replace(/^\./, '')}: ` : '';
}

/** What was expected, after what stands there, unless the message names it. */
function said(file: unknown, path: PropertyKey[], message: string): string {
  if (!message.startsWith('expected')) return message;
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], file);
  if (value === undefined) return `missing; ${message}`;
  const shown = JSON.stringify(value);
  return `${shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}…` : shown}; ${message}`;
}

/** JSON without U+0000, however it is escaped: Postgres cannot hold it. */
export const withoutNul = (json: string): string =>
  json.replace(/\\(u0000|[\s\S])/g, (escaped) => (escaped === '\\u0000' ? '' : escaped));
