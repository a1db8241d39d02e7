import { requireReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { conflict, notFound } from '../errors.ts';
import { localDate } from './calendar.ts';
import type { Publication } from './publication.ts';

/** Who changes the calendar, and when. */
export type Changing = { now: Temporal.Instant; actor: string };

/** Lets nothing be published on a date, with a note why. Throws `conflict` for a date that is over, `invalid` without a note. */
export async function darken(
  db: Db,
  publication: Publication,
  { date, note }: { date: Temporal.PlainDate; note: string },
  { now, actor }: Changing,
): Promise<void> {
  const why = requireReason(note, 'for a date without an edition');
  if (Temporal.PlainDate.compare(date, localDate(publication, now)) < 0)
    throw conflict(`${date} is over; expected a date to come`);
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('dark_dates')
      .values({ publication_id: publication.id, dark_on: date, note: why })
      .onConflict((known) => known.columns(['publication_id', 'dark_on']).doUpdateSet({ note: why }))
      .execute();
    await audit(
      trx,
      publication,
      { actor, verb: 'let nothing be published', reason: why, detail: { date: String(date) } },
      now,
    );
  });
}

/** Lets an edition come on a dark date after all. Throws `not_found` where it is none, `conflict` once it is over. */
export async function lighten(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { now, actor }: Changing,
): Promise<void> {
  if (Temporal.PlainDate.compare(date, localDate(publication, now)) < 0)
    throw conflict(`${date} is over; expected a date to come`);
  await inTransaction(db, async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('dark_dates')
      .where('publication_id', '=', publication.id)
      .where('dark_on', '=', date)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw notFound(`${date} is no dark date of ${publication.name}`);
    await audit(
      trx,
      publication,
      { actor, verb: 'let an edition come', detail: { date: String(date) } },
      now,
    );
  });
}

/** Sets the hour of press, for editions that are not made yet. */
export async function setPressTime(
  db: Db,
  publication: Publication,
  press_time: Temporal.PlainTime,
  { now, actor }: Changing,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.updateTable('publications').set({ press_time }).where('id', '=', publication.id).execute();
    const detail = { from: String(publication.press_time), to: String(press_time) };
    await audit(trx, publication, { actor, verb: 'set the hour of press', detail }, now);
  });
}

const audit = (
  trx: Db,
  { id }: Publication,
  act: { actor: string; verb: string; reason?: string; detail: Record<string, unknown> },
  now: Temporal.Instant,
) => recordAudit(trx, { ...act, subject: `publication ${id}` }, { now });
