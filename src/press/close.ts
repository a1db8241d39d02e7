import type { Db } from '../db/connect.ts';
import { closeRun, listFinishedRuns, type Run } from '../deliveries/ledger/run.ts';
import { moveEdition } from '../editions/edition.ts';
import { localDate } from '../publications/calendar.ts';
import { listPublications } from '../publications/publication.ts';

/**
 * Closes every run whose batches are done, letters once their date is over; its edition is then pressed. The database
 * balances the books, and refuses a run in which a reader has no last word: that is thrown, the others are closed.
 */
export async function closeRuns(db: Db, { now }: { now: Temporal.Instant }): Promise<{ closed: number[] }> {
  const publications = await listPublications(db);
  const isOver = ({ kind, run_on, publication_id }: Run) => {
    const publication = publications.find(({ id }) => id === publication_id);
    if (kind === 'edition' || !publication) return true;
    return Temporal.PlainDate.compare(run_on, localDate(publication, now)) < 0;
  };
  const closed: number[] = [];
  const troubles: unknown[] = [];
  for (const run of (await listFinishedRuns(db)).filter(isOver))
    await closeOne(db, run, { now }).then(
      (done) => done && closed.push(run.id),
      (trouble) => troubles.push(trouble),
    );
  if (troubles.length > 0)
    throw new AggregateError(troubles, `runs that cannot close: ${troubles.join('; ')}`);
  return { closed };
}

function closeOne(db: Db, run: Run, { now }: { now: Temporal.Instant }): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    if (!(await closeRun(trx, run.id, { now }))) return false;
    if (run.edition_id !== null)
      await moveEdition(trx, run.edition_id, { from: ['pressing'], to: 'pressed', now });
    return true;
  });
}
