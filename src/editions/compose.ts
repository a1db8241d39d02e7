import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { isPublishingDay, pressAt } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { composeDue, cutoffNow, lockComposing } from './due.ts';
import { isEarly, requireNotSkipped, requireTurn } from './early.ts';
import { type Edition, findEdition, isComposed } from './edition.ts';
import { pickStories } from './picking/pick.ts';
import { listAsked, listWishes } from './picking/wish.ts';
import { writeEdition } from './picking/write.ts';

/** How to compose: `cutoff`, the calendar's by default, or `now` before it and after the edition's hours. */
export type Composing = {
  now: Temporal.Instant;
  cutoff?: Temporal.Instant;
};

/**
 * Makes the regular edition of `date`: gathers its window, judges, fills the page, and writes a draft, or a skipped
 * edition where too few stories stand; each candidate with its reason. What editors asked for while it was gathering is
 * heeded. One that has been composed is returned untouched, whoever made it. Throws `conflict` before the calendar's cutoff, unless `cutoff` is given, where an earlier
 * edition has still to go or too few stories are there by now.
 */
export async function composeEdition(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { now, cutoff }: Composing,
): Promise<Edition> {
  return inTransaction(db, async (trx) => {
    await lockComposing(trx, publication);
    const existing = await findEdition(trx, publication.id, date);
    if (existing && isComposed(existing)) return existing;
    const early = cutoff === undefined && isEarly(publication, date, now);
    if (early) await requireTurn(trx, publication, date, { now });
    const cutoff_at = cutoff ?? cutoffNow(publication, date, now);
    const press_at = pressAt(publication, date);
    const wishes = await listWishes(trx, existing?.id);
    const picked = await pickStories(trx, publication, { now, cutoff_at, press_at, wishes });
    const found = { ...picked, existing, asked: await listAsked(trx, existing?.id) };
    const edition = await writeEdition(trx, publication, date, found);
    if (early) requireNotSkipped(publication, edition);
    return edition;
  });
}

/** Composes every regular edition whose cutoff has come, as `composeDue` says. Returns the editions it made. */
export function composeDueEditions(db: Db, { now }: { now: Temporal.Instant }): Promise<Edition[]> {
  const compose = (publication: Publication, date: Temporal.PlainDate) =>
    composeEdition(db, publication, date, { now });
  return composeDue(db, { kind: 'regular', isDay: isPublishingDay, compose }, { now });
}
