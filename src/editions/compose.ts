import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { lockInTransaction } from '../db/lock.ts';
import { inTransaction } from '../db/transaction.ts';
import { cutoffAt, isPublishingDay, localDate, pressAt, staleAt } from '../publications/calendar.ts';
import { listPublications, type Publication } from '../publications/publication.ts';
import { listSectionRules, listSections } from '../publications/section.ts';
import { isEarly, requireNotSkipped, requireTurn } from './early.ts';
import { type Edition, findEdition, insertEdition } from './edition.ts';
import { gatherCandidates } from './picking/gather.ts';
import { judge } from './picking/judge.ts';
import { type Place, select } from './picking/select.ts';
import { listCarried, listTold } from './picking/told.ts';
import { findHanded, findUntold, windowOf } from './picking/window.ts';
import { writeEdition } from './picking/write.ts';

/** How to compose: `cutoff` (default the calendar's, or `now` before it and after the edition's hours), and pins. */
export type Composing = {
  now: Temporal.Instant;
  cutoff?: Temporal.Instant;
  pins?: Map<number, Place>;
};

/**
 * Makes the regular edition of `date`: gathers its window, judges, fills the page, and writes a draft, or a skipped
 * edition where too few stories stand; each candidate with its reason. An edition that is there already is returned
 * untouched, whoever made it. Throws `conflict` before the calendar's cutoff, unless `cutoff` is given, where an earlier
 * edition has still to go or too few stories are there by now.
 */
export async function composeEdition(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { now, cutoff, pins = new Map() }: Composing,
): Promise<Edition> {
  return inTransaction(db, async (trx) => {
    // One at a time per publication, not per date: window and number hang on the editions before.
    await lockInTransaction(trx, `compose ${publication.id}`);
    const existing = await findEdition(trx, publication.id, date);
    if (existing) return existing;
    const early = cutoff === undefined && isEarly(publication, date, now);
    if (early) await requireTurn(trx, publication, date, { now });
    const cutoff_at = cutoff ?? cutoffNow(publication, date, now);
    const press_at = pressAt(publication, date);
    const before = { before: cutoff_at };
    const previous = await findHanded(trx, publication.id, before);
    const untold_from = previous ? undefined : await findUntold(trx, publication.id, before);
    const window = windowOf(publication, { cutoff: cutoff_at, previous, untold_from });
    const told = await listTold(trx, publication.id, before);
    const carried = await listCarried(trx, publication.id, before);
    const candidates = await gatherCandidates(trx, publication.id, window, {
      now,
      told: [...carried.keys()],
    });
    const sections = await listSections(trx, publication.id);
    const rules = await listSectionRules(trx, publication.id);
    const judged = judge(candidates, { window, press_at, sections, rules, told, carried, pins });
    const selection = select(judged.contenders, {
      ...publication,
      sections,
      best_of: window.since !== null,
    });
    const found = { now, window, press_at, candidates, judged, selection };
    const edition = await writeEdition(trx, publication, date, found);
    if (early) requireNotSkipped(publication, edition);
    return edition;
  });
}

/**
 * Composes every edition whose cutoff has come and which is not stale; an edition that went stale without having been
 * composed is recorded as skipped, and nothing is sent for it. Returns the editions it made.
 */
export async function composeDueEditions(db: Db, { now }: { now: Temporal.Instant }): Promise<Edition[]> {
  const made: Edition[] = [];
  for (const publication of await listPublications(db)) {
    for (const date of datesAround(publication, now)) {
      const edition = await composeIfDue(db, publication, date, { now });
      if (edition) made.push(edition);
    }
  }
  return made;
}

/** An edition may be due a date before or after today's where press or staleness falls near midnight. */
function datesAround(publication: Publication, now: Temporal.Instant): Temporal.PlainDate[] {
  const today = localDate(publication, now);
  return [today.subtract({ days: 1 }), today, today.add({ days: 1 })];
}

async function composeIfDue(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { now }: { now: Temporal.Instant },
): Promise<Edition | undefined> {
  if (!isPublishingDay(publication, date) || isBefore(now, cutoffAt(publication, date))) return undefined;
  if (await findEdition(db, publication.id, date)) return undefined;
  const stale_at = staleAt(publication, date);
  if (isBefore(now, stale_at)) return composeEdition(db, publication, date, { now });
  const isToday = localDate(publication, stale_at).equals(localDate(publication, now));
  // A publication made after the hour has missed nothing.
  if (!isToday || isBefore(stale_at, publication.created_at)) return undefined;
  return skipStale(db, publication, date, { now });
}

function skipStale(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { now }: { now: Temporal.Instant },
): Promise<Edition> {
  return inTransaction(db, async (trx) => {
    await lockInTransaction(trx, `compose ${publication.id}`);
    const existing = await findEdition(trx, publication.id, date);
    if (existing) return existing;
    return insertEdition(trx, {
      publication_id: publication.id,
      edition_on: date,
      state: 'skipped',
      reason: 'stale: nobody composed it before its time was over',
      cutoff_at: cutoffAt(publication, date),
      press_at: pressAt(publication, date),
      stale_at: staleAt(publication, date),
      composed_at: now,
    });
  });
}

/** The calendar's cutoff; but now where a person composes before it, or when the edition's hours are over. */
function cutoffNow(
  publication: Publication,
  date: Temporal.PlainDate,
  now: Temporal.Instant,
): Temporal.Instant {
  const cutoff = cutoffAt(publication, date);
  const inTime = !isBefore(now, cutoff) && isBefore(now, staleAt(publication, date));
  return inTime ? cutoff : now;
}
