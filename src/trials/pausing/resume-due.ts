import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { localDate } from '../../publications/calendar.ts';
import { listPublications, type Publication } from '../../publications/publication.ts';
import { type Hold, listPausesDue } from '../../subscribers/hold.ts';
import { nextMorning } from '../letters/letter-times.ts';
import { resume } from './resume.ts';

/**
 * Ends the pauses whose date has come, each in a transaction of its own: as of the beginning of that local date, so that
 * its edition comes. The letter waits until after that day's edition. Returns how many.
 */
export async function resumeDue(db: Db, { now }: { now: Instant }): Promise<{ resumed: number }> {
  let resumed = 0;
  for (const publication of await listPublications(db))
    for (const hold of await listPausesDue(db, publication.id, localDate(publication, now)))
      if (await resumeOne(db, hold, publication, { now })) resumed++;
  return { resumed };
}

async function resumeOne(
  db: Db,
  { subscriber_id, resume_on }: Hold,
  publication: Publication,
  { now }: { now: Instant },
): Promise<boolean> {
  const on = resume_on as PlainDate; // the query has it
  const at = on.toZonedDateTime(publication.zone).toInstant();
  const letter_at = nextMorning(publication, on.subtract({ days: 1 }));
  const { outcome } = await resume(db, subscriber_id, publication.id, {
    now,
    actor: 'system',
    at,
    letter_at,
  });
  return outcome === 'resumed';
}
