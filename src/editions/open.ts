import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import {
  cutoffAt,
  isPublishingDay,
  opensAt,
  pressAt,
  staleAt,
  whyNotPublishing,
} from '../publications/calendar.ts';
import { listPublications, type Publication } from '../publications/publication.ts';
import { datesAround, lockComposing } from './due.ts';
import { type Edition, findEdition, insertEdition, moveEdition } from './edition.ts';

/**
 * Opens every regular edition to its editors from the afternoon before its press (DESK §1): from then on they can say what
 * is to be in it. One that is gathering follows its calendar: its hours, and where its date has become dark by its cutoff it
 * is skipped. Returns those that were opened or skipped.
 */
export async function openDueEditions(db: Db, { now }: { now: Temporal.Instant }): Promise<Edition[]> {
  const moved: Edition[] = [];
  for (const publication of await listPublications(db)) {
    for (const date of datesAround(publication, now)) {
      const edition = await openIfDue(db, publication, { date, now });
      if (edition) moved.push(edition);
    }
  }
  return moved;
}

type On = { date: Temporal.PlainDate; now: Temporal.Instant };

async function openIfDue(db: Db, publication: Publication, { date, now }: On): Promise<Edition | undefined> {
  const found = await findEdition(db, publication.id, date);
  if (found) return found.state === 'gathering' ? follow(db, publication, found, { date, now }) : undefined;
  const isOpen = !isBefore(now, opensAt(publication, date)) && isBefore(now, cutoffAt(publication, date));
  if (!isOpen || !isPublishingDay(publication, date)) return undefined;
  return inTransaction(db, async (trx) => {
    await lockComposing(trx, publication);
    if (await findEdition(trx, publication.id, date)) return undefined;
    return insertEdition(trx, {
      publication_id: publication.id,
      edition_on: date,
      state: 'gathering',
      ...hoursOf(publication, date),
    });
  });
}

/** Keeps to a calendar that was changed since the edition was opened. */
async function follow(
  db: Db,
  publication: Publication,
  { id, press_at }: Edition,
  { date, now }: On,
): Promise<Edition | undefined> {
  const hours = hoursOf(publication, date);
  if (!press_at.equals(hours.press_at))
    await db
      .updateTable('editions')
      .set(hours)
      .where('id', '=', id)
      .where('state', '=', 'gathering')
      .execute();
  const reason = whyNotPublishing(publication, date);
  if (reason === undefined || isBefore(now, hours.cutoff_at)) return undefined;
  return moveEdition(db, id, { from: ['gathering'], to: 'skipped', now, reason });
}

const hoursOf = (publication: Publication, date: Temporal.PlainDate) => ({
  cutoff_at: cutoffAt(publication, date),
  press_at: pressAt(publication, date),
  stale_at: staleAt(publication, date),
});
