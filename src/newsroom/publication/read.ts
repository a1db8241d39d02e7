import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { invalid, messageOf, notFound } from '../../errors.ts';
import { type Problem, whatDoesNotFit } from './fit.ts';
import { PLAN, type Plan } from './plan.ts';

const MAX_BYTES = 1_000_000;
const LONGEST_VALUE = 60;

/** Reads a publication file; throws `not_found` where there is none, else as `parsePlan`. */
export async function readPlan(path: string): Promise<Plan> {
  const size = await stat(path)
    .then((file) => file.size)
    .catch((error) => {
      throw notFound(`there is no file ${path}; a publication file was expected`, error);
    });
  if (size > MAX_BYTES)
    throw invalid(`${path} has ${size} bytes; a publication file of at most ${MAX_BYTES} was expected`);
  return parsePlan(await readFile(path, 'utf8'), { place: path });
}

/** The plan that a publication file holds. Throws `invalid` naming every problem, its place and what was expected. */
export function parsePlan(text: string, { place }: { place: string }): Plan {
  const file = parseJson(text, place);
  const result = PLAN.safeParse(file);
  const problems = [...(result.error?.issues.flatMap(problemsOf) ?? []), ...whatDoesNotFit(file)];
  if (result.success && problems.length === 0) return result.data;
  const lines = problems.map(({ path, message }) => `  ${placeOf(path)}${said(file, path, message)}`);
  throw invalid(`${place} has ${lines.length} problem${lines.length > 1 ? 's' : ''}\n${lines.join('\n')}`);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(`${place} is no JSON: ${messageOf(error)}; a publication file was expected`, error);
  }
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  const message = 'not known here; expected only what the example file has';
  return issue.keys.map((key) => ({ path: [...issue.path, key], message }));
}

/** `sections[2].feeds[0]: `, as one would write it in JavaScript. */
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
