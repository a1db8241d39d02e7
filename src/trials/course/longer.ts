import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { countPublishingDays, localDate } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { listHolds } from '../../subscribers/hold.ts';
import { currentHardStop } from '../ending/current-hard-stop.ts';
import { lastDayPressedBy, publishingDaysHeld } from '../ending/hard-stop.ts';
import type { Trial } from '../trial.ts';

/** The last date of a trial that is given more: what the event that gives it sets. */
export type LongerTerm = { cap_days: number; hard_stop_on: string };

/**
 * Publishing days for so many editions, in the proportion of the trial so far, rounded up: ten in 22 make five in 11. A
 * trial of publishing days has one for each.
 */
const daysFor = ({ unit, cap_days, allowance }: Trial, editions: number): number =>
  unit === 'publishing_days' || allowance === 0 ? editions : Math.ceil((editions * cap_days) / allowance);

/** The term of a trial that is open, with so many editions more. */
export async function extendedTerm(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { editions, now }: { editions: number; now: Instant },
): Promise<LongerTerm> {
  return term(trx, trial, publication, { cap_days: trial.cap_days + daysFor(trial, editions), now });
}

/**
 * The term of a trial that is taken up again with so many editions more: the days since it ended are not taken from it,
 * nor those it was held.
 */
export async function reopenedTerm(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { editions, now }: { editions: number; now: Instant },
): Promise<LongerTerm> {
  const from = localDate(publication, trial.confirmed_at ?? now);
  const today = lastDayPressedBy(publication, now); // a day whose edition is still to come is not gone
  const holds = await listHolds(trx, trial.subscriber_id, trial.publication_id);
  const gone =
    countPublishingDays(publication, from, today) - publishingDaysHeld(publication, from, holds, today);
  const left = trial.allowance + editions - trial.consumed;
  const cap_days = Math.max(trial.cap_days, gone + daysFor(trial, left));
  return term(trx, trial, publication, { cap_days, now });
}

async function term(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { cap_days, now }: { cap_days: number; now: Instant },
): Promise<LongerTerm> {
  const hard_stop_on = await currentHardStop(trx, { ...trial, cap_days }, publication, { now });
  return { cap_days, hard_stop_on: hard_stop_on.toString() };
}
