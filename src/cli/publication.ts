import type { Db } from '../db/connect.ts';
import { invalid } from '../errors.ts';
import { localDate } from '../publications/calendar.ts';
import { listPublications, type Publication, requirePublication } from '../publications/publication.ts';
import type { Arguments } from './command.ts';

/** The publication that `--publication` names, or the only one there is. */
export async function findPublication(db: Db, args: Arguments): Promise<Publication> {
  const slug = args.options.publication;
  if (typeof slug === 'string') return requirePublication(db, slug);
  const [first, ...others] = await listPublications(db);
  if (!first)
    throw invalid(
      'there is no publication yet: `presstime import <file.json>` sets one up, `presstime start` a sample newsroom',
    );
  if (others.length === 0) return first;
  throw invalid(`which publication? --publication ${[first, ...others].map((each) => each.slug).join(', ')}`);
}

/** The date that `--date` names, or today in the publication's zone. */
export function findDate(
  publication: Publication,
  args: Arguments,
  now: Temporal.Instant,
): Temporal.PlainDate {
  const text = args.options.date;
  return typeof text === 'string' ? parseDate(text, 'date') : localDate(publication, now);
}

/** An ISO date; throws `invalid` naming the option. */
export function parseDate(text: string, option: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (cause) {
    throw invalid(`--${option} "${text}" is no date; expected such as 2026-11-23`, cause);
  }
}
