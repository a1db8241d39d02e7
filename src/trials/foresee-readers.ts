import { setImmediate } from 'node:timers/promises';
import type { Db } from '../db/connect.ts';
import type { PlainDate } from '../db/schema/kinds.ts';
import type { GrantSource } from '../db/schema/readers.ts';
import { pressAt, publishingDayAfter } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { listHoldsOf } from '../subscribers/hold.ts';
import { planAcceptance } from './count.ts';
import { hardStopWith } from './ending/current-hard-stop.ts';
import { type HeldFrom, isPast, stopOn } from './ending/hard-stop.ts';
import type { SkipReason } from './rights/decision.ts';
import { audienceAt } from './rights/decision.ts';
import { listTrialsUnderWay, type Trial } from './trial.ts';

/** Who would get the regular edition of a date, if all of them are accepted and nobody comes or leaves meanwhile. */
export type ForeseenReaders = {
  date: PlainDate;
  readers: number;
  by_source: Partial<Record<GrantSource, number>>;
  /** Who holds a right and gets nothing, by why. */
  skipped: Partial<Record<SkipReason, number>>;
  /** Trials of which it would be the last edition. */
  last_free: number;
};

/** Trials as the days before leave them; those that are over are gone. */
type Course = { trials: Map<number, Trial>; holds: Map<number, HeldFrom[]>; publication: Publication };

/** After so many trials others get a turn: pages and sending share the thread. */
const TURN = 1000;

/**
 * Foresees the readers of editions on `dates`, which come in order, in one transaction that can write nothing: who gets one is the
 * press's own decision, asked as of each press; and each trial is moved on in memory by what counts it when an edition
 * is accepted, and by what stops it at its last date.
 */
export function foreseeReaders(
  db: Db,
  publication: Publication,
  dates: readonly PlainDate[],
): Promise<ForeseenReaders[]> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const underWay = await listTrialsUnderWay(trx, publication.id);
      const holds = await listHoldsOf(
        trx,
        publication.id,
        underWay.map(({ subscriber_id }) => subscriber_id),
      );
      const trials = new Map(underWay.map((trial) => [trial.id, trial]));
      const days: ForeseenReaders[] = [];
      for (const date of dates) days.push(await foreseeDay(trx, { trials, holds, publication }, date));
      return days;
    });
}

async function foreseeDay(trx: Db, course: Course, date: PlainDate): Promise<ForeseenReaders> {
  const { publication, trials } = course;
  const asked = { at: pressAt(publication, date), kind: 'regular' } as const;
  const day: ForeseenReaders = { date, readers: 0, by_source: {}, skipped: {}, last_free: 0 };
  const counted = await audienceAt(trx, publication.id, asked)
    .clearSelect()
    .select(({ fn }) => ['grant_source', 'reason', fn.countAll<number>().as('readers')])
    .where((eb) => eb.or([eb('trial_id', 'is', null), eb('reason', 'is not', null)]))
    .groupBy(['grant_source', 'reason'])
    .execute();
  for (const { grant_source, reason, readers } of counted) {
    if (reason) day.skipped[reason] = (day.skipped[reason] ?? 0) + readers;
    else add(day, grant_source, readers);
  }
  const onTrial = await audienceAt(trx, publication.id, asked)
    .clearSelect()
    .select(['trial_id', 'grant_source'])
    .where('trial_id', 'is not', null)
    .where('reason', 'is', null)
    .execute();
  for (const [turn, { trial_id, grant_source }] of onTrial.entries()) {
    if (turn % TURN === TURN - 1) await setImmediate();
    const trial = trials.get(trial_id as number);
    if (!trial || isStopped(trial, date, course)) continue;
    add(day, grant_source, 1);
    const { after } = planAcceptance(
      trial,
      { publication, edition: { id: 0, edition_on: date } },
      { at: asked.at, idem_key: `foreseen ${date}` },
    );
    const next = publishingDayAfter(publication, date);
    if (after.state === 'ended' || (next && isStopped(after, next, course))) {
      day.last_free += 1;
      trials.delete(trial.id);
    } else trials.set(trial.id, after);
  }
  return day;
}

function add(day: ForeseenReaders, source: GrantSource | null, readers: number): void {
  if (source) day.by_source[source] = (day.by_source[source] ?? 0) + readers;
  day.readers += readers;
}

/** Whether a trial whose reader nothing holds is over by the press of `date`, as `hardStopDueTrials` would find that morning. */
function isStopped(trial: Trial, date: PlainDate, { holds, publication }: Course): boolean {
  if (trial.state === 'grace') return false;
  const held = holds.get(trial.subscriber_id) ?? [];
  const due = isPast(trial.hard_stop_on, date)
    ? hardStopWith(held, trial, publication, { now: pressAt(publication, date) })
    : null;
  const how = stopOn(trial, date, due);
  return how === 'spent' || how === 'stopped';
}
