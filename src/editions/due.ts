import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { lockInTransaction } from '../db/lock.ts';
import { inTransaction } from '../db/transaction.ts';
import { cutoffAt, localDate, pressAt, staleAt } from '../publications/calendar.ts';
import { listPublications, type Publication } from '../publications/publication.ts';
import {
  type Edition,
  type EditionKind,
  findEdition,
  insertEdition,
  isComposed,
  moveEdition,
} from './edition.ts';

/** A kind of edition as the clock makes it: on which dates it comes, and how the one of a date is composed. */
export type Composer = {
  kind: EditionKind;
  isDay(publication: Publication, date: Temporal.PlainDate): boolean;
  compose(publication: Publication, date: Temporal.PlainDate): Promise<Edition>;
};

/**
 * Composes every edition of a kind whose cutoff has come and which is not stale; an edition that went stale without
 * having been composed is recorded as skipped, and nothing is sent for it. Returns the editions it made.
 */
export async function composeDue(
  db: Db,
  composer: Composer,
  { now }: { now: Temporal.Instant },
): Promise<Edition[]> {
  const made: Edition[] = [];
  for (const publication of await listPublications(db)) {
    for (const date of datesAround(publication, now)) {
      const edition = await composeIfDue(db, composer, publication, { date, now });
      if (edition) made.push(edition);
    }
  }
  return made;
}

/** One at a time per publication, not per date: window and number hang on the editions before. */
export const lockComposing = (trx: Db, publication: Publication): Promise<void> =>
  lockInTransaction(trx, `compose ${publication.id}`);

/** The calendar's cutoff; but now where a person composes before it, or when the edition's hours are over. */
export function cutoffNow(
  publication: Publication,
  date: Temporal.PlainDate,
  now: Temporal.Instant,
): Temporal.Instant {
  const cutoff = cutoffAt(publication, date);
  const inTime = !isBefore(now, cutoff) && isBefore(now, staleAt(publication, date));
  return inTime ? cutoff : now;
}

/** An edition may be due a date before or after today's where press or staleness falls near midnight. */
export function datesAround(publication: Publication, now: Temporal.Instant): Temporal.PlainDate[] {
  const today = localDate(publication, now);
  return [today.subtract({ days: 1 }), today, today.add({ days: 1 })];
}

type On = { date: Temporal.PlainDate; now: Temporal.Instant };

async function composeIfDue(
  db: Db,
  { kind, isDay, compose }: Composer,
  publication: Publication,
  { date, now }: On,
): Promise<Edition | undefined> {
  if (!isDay(publication, date) || isBefore(now, cutoffAt(publication, date))) return undefined;
  const found = await findEdition(db, publication.id, date, { kind });
  if (found && (isComposed(found) || found.state === 'skipped')) return undefined;
  const stale_at = staleAt(publication, date);
  if (isBefore(now, stale_at)) return compose(publication, date);
  const isToday = localDate(publication, stale_at).equals(localDate(publication, now));
  // A publication made after the hour has missed nothing.
  if (!isToday || isBefore(stale_at, publication.created_at)) return undefined;
  return skipStale(db, publication, { kind, date, now });
}

const STALE = 'stale: nobody composed it before its time was over';

/** One that was opened to its editors, and never composed. */
async function skipUncomposed(trx: Db, edition: Edition, now: Temporal.Instant): Promise<Edition> {
  const { id, state } = edition;
  if (isComposed(edition) || state === 'skipped') return edition;
  return (await moveEdition(trx, id, { from: [state], to: 'skipped', now, reason: STALE })) ?? edition;
}

function skipStale(
  db: Db,
  publication: Publication,
  { kind, date, now }: On & { kind: EditionKind },
): Promise<Edition> {
  return inTransaction(db, async (trx) => {
    await lockComposing(trx, publication);
    const existing = await findEdition(trx, publication.id, date, { kind });
    if (existing) return skipUncomposed(trx, existing, now);
    return insertEdition(trx, {
      publication_id: publication.id,
      edition_on: date,
      kind,
      state: 'skipped',
      reason: STALE,
      cutoff_at: cutoffAt(publication, date),
      press_at: pressAt(publication, date),
      stale_at: staleAt(publication, date),
      composed_at: now,
    });
  });
}
