import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict } from '../../errors.ts';
import { pressAt } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { isRoundUpDay } from '../../publications/weekly.ts';
import { composeDue, cutoffNow, lockComposing } from '../due.ts';
import { type Edition, findEdition } from '../edition.ts';
import { tooFewStories } from '../too-few.ts';
import { shortDate } from '../wording.ts';
import { pickWeek } from './pick.ts';
import {
  findWeek,
  listTellings,
  listWeekArticles,
  listWeekEditions,
  type Week,
  type WeekEdition,
} from './week.ts';
import { type ComposedWeek, writeWeekly } from './write.ts';

/** When it is composed, and how often people opened the articles of some editions, which the clicks below know. */
export type ComposingWeekly = {
  now: Temporal.Instant;
  countReads(db: Db, editionIds: number[]): Promise<ReadonlyMap<number, number>>;
};

/** The round-up of one edition would be that edition. */
const LEAST_EDITIONS = 2;

/**
 * Makes the weekly round-up of `date` from the regular editions that have gone out since the last one, those of its own
 * day not among them: a draft, or a skipped edition where there are too few editions or stories; each story with its
 * reason. One that is there already is returned untouched. Throws `conflict` where the publication has no round-up.
 */
export async function composeWeekly(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  composing: ComposingWeekly,
): Promise<Edition> {
  if (publication.weekly_on === null)
    throw conflict(
      `${publication.slug} has no weekly round-up; "weekly_on" in its publication file names the weekday of one`,
    );
  return inTransaction(db, async (trx) => {
    await lockComposing(trx, publication);
    const existing = await findEdition(trx, publication.id, date, { kind: 'weekly' });
    if (existing) return existing;
    const week = await findWeek(trx, publication, cutoffNow(publication, date, composing.now));
    return writeWeekly(trx, publication, date, await look(trx, publication, { date, week }, composing));
  });
}

/** Composes every round-up whose cutoff has come, as `composeDue` says. Returns those it made. */
export function composeDueWeeklies(db: Db, composing: ComposingWeekly): Promise<Edition[]> {
  const compose = (publication: Publication, date: Temporal.PlainDate) =>
    composeWeekly(db, publication, date, composing);
  return composeDue(db, { kind: 'weekly', isDay: isRoundUpDay, compose }, composing);
}

async function look(
  trx: Db,
  publication: Publication,
  { date, week }: { date: Temporal.PlainDate; week: Week },
  { now, countReads }: ComposingWeekly,
): Promise<ComposedWeek> {
  const editions = await listWeekEditions(trx, publication.id, week);
  if (editions.length === 0)
    return {
      now,
      week,
      placed: [],
      left: [],
      articles: [],
      too_few: tooFew(publication, { week, editions, stories: 0 }),
    };
  const tellings = await listTellings(trx, editions);
  const articles = await listWeekArticles(trx, [...new Set(tellings.map(({ article_id }) => article_id))]);
  const reads = await countReads(
    trx,
    editions.map(({ id }) => id),
  );
  const press_at = pressAt(publication, date);
  const { placed, left } = pickWeek({ tellings, articles, reads }, { ...publication, press_at });
  return {
    now,
    week,
    placed,
    left,
    articles,
    too_few: tooFew(publication, { week, editions, stories: placed.length }),
  };
}

function tooFew(
  publication: Publication,
  { week, editions, stories }: { week: Week; editions: WeekEdition[]; stories: number },
): string | undefined {
  if (editions.length >= LEAST_EDITIONS) return tooFewStories(stories, publication);
  const since = shortDate(week.from.toZonedDateTimeISO(publication.zone).toPlainDate());
  return `too few editions since ${since}: ${editions.length} of at least ${LEAST_EDITIONS}`;
}
