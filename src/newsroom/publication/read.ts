import { readFile, stat } from 'node:fs/promises';
import { invalid, notFound } from '../../errors.ts';
import { parseJsonFile } from '../../json-file.ts';
import { whatDoesNotFit } from './fit.ts';
import { PLAN, type Plan } from './plan.ts';

const MAX_BYTES = 1_000_000;

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
  return parseJsonFile(text, PLAN, { place, what: 'a publication file', also: whatDoesNotFit });
}
