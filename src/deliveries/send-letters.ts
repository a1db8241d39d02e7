import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { claimDueLetters, type Letter } from '../letters/letter.ts';
import { localDate } from '../publications/calendar.ts';
import { requirePublication } from '../publications/publication.ts';
import { LETTER_STALE_AFTER } from '../trials/letters/letter-holds.ts';
import type { Enqueue } from '../work/job.ts';
import { apartFromEditions } from './apart.ts';
import { openLettersRun } from './ledger/run.ts';

/** Letters overtake editions. */
const PRIORITY = 10;
const AT_ONCE = 200;

type Posting = { now: Instant; enqueue: Enqueue };

/**
 * Puts the letters that are due into the ledger, each a batch of its own in the day's run of its publication, and asks
 * for their sending. Whether each still holds is asked at the hand-over. Returns how many.
 */
export async function sendDueLetters(db: Db, posting: Posting): Promise<{ letters: number }> {
  for (let letters = 0; ; ) {
    const claimed = await db.transaction().execute((trx) => enrolSome(trx, posting));
    letters += claimed;
    if (claimed === 0) return { letters };
    // asked for in the transaction, a run of the job that begins before it commits would answer for this and find nothing
    await posting.enqueue(db, 'send-urgent');
  }
}

async function enrolSome(trx: Db, { now }: Pick<Posting, 'now'>): Promise<number> {
  const may_come = await apartFromEditions(trx, { now });
  const claimed = await claimDueLetters(trx, { now, limit: AT_ONCE, may_come });
  const byPublication = Map.groupBy(claimed, ({ publication_id }) => publication_id);
  for (const [publicationId, mine] of byPublication) {
    await enrol(trx, publicationId, mine, { now });
  }
  return claimed.length;
}

async function enrol(
  trx: Db,
  publicationId: number,
  letters: Letter[],
  { now }: { now: Instant },
): Promise<void> {
  const publication = await requirePublication(trx, publicationId);
  const run_on = localDate(publication, now);
  const run_id = await openLettersRun(trx, { publication_id: publicationId, run_on }, { now });
  const last = await trx
    .selectFrom('batches')
    .select(({ fn }) => fn.max('hi').as('hi'))
    .where('run_id', '=', run_id)
    .executeTakeFirst();
  const first = (last?.hi ?? 0) + 1;
  const places = letters.map(({ id, due_at }, place) => ({
    letter_id: id,
    seq: first + place,
    stale_at: due_at.add(LETTER_STALE_AFTER),
  }));
  await insertAudience(trx, run_id, places, { now });
  await trx
    .insertInto('batches')
    .values(
      places.map(({ seq, stale_at }) => ({
        run_id,
        no: seq,
        lo: seq,
        hi: seq,
        priority: PRIORITY,
        due_at: now,
        stale_at,
      })),
    )
    .execute();
}

async function insertAudience(
  trx: Db,
  run_id: number,
  places: { letter_id: number; seq: number; stale_at: Instant }[],
  { now }: { now: Instant },
): Promise<void> {
  for (const { letter_id, seq, stale_at } of places)
    await trx
      .insertInto('audience')
      .columns(['run_id', 'seq', 'subscriber_id', 'letter_id', 'address', 'decision', 'due_at', 'stale_at'])
      .expression((eb) =>
        eb
          .selectFrom('letters as l')
          .innerJoin('subscribers as s', 's.id', 'l.subscriber_id')
          .where('l.id', '=', letter_id)
          .select([
            sql.val(run_id).as('run_id'),
            sql.val(seq).as('seq'),
            's.id',
            'l.id as letter_id',
            sql<string>`coalesce(l.address, s.address)`.as('address'),
            sql.lit('send').as('decision'),
            sql.val(now).as('due_at'),
            sql.val(stale_at).as('stale_at'),
          ]),
      )
      .execute();
}
