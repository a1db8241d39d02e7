import type { Db } from '../db/connect.ts';
import { composeEdition } from '../editions/compose.ts';
import { type Edition, findEdition } from '../editions/edition.ts';
import { composeWeekly } from '../editions/weekly/compose.ts';
import { invalid, notFound } from '../errors.ts';
import { countReads } from '../events/clicks/reads.ts';
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

/** The edition of a date, or with `--weekly` the round-up; throws `not_found`. */
export async function findEditionOf(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  args: Arguments,
): Promise<Edition> {
  const kind = args.options.weekly ? 'weekly' : 'regular';
  const edition = await findEdition(db, publication.id, date, { kind });
  if (edition) return edition;
  throw notFound(`no ${kind === 'weekly' ? 'weekly round-up' : 'edition'} of ${publication.slug} on ${date}`);
}

/** The edition of `--date`, or with `--weekly` the round-up, composed now where there is none yet. */
export function composeAsked(
  db: Db,
  publication: Publication,
  args: Arguments,
  now: Temporal.Instant,
): Promise<Edition> {
  const date = findDate(publication, args, now);
  if (args.options.weekly) return composeWeekly(db, publication, date, { now, countReads });
  return composeEdition(db, publication, date, { now });
}
