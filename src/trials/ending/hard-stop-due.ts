import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { localDate } from '../../publications/calendar.ts';
import { listPublications, type Publication } from '../../publications/publication.ts';
import { listHoldKinds } from '../../subscribers/hold.ts';
import { askForClockLetters } from '../letters/clock-letters.ts';
import { recordEvent } from '../machine/event.ts';
import { listTrialsToStop, lockTrial, type Trial } from '../trial.ts';
import { currentHardStop } from './current-hard-stop.ts';
import { isPast, stopOn } from './hard-stop.ts';

/** What is to be known from below: whether an edition frozen for a reader has still to reach them. */
export type Asking = {
  isOnItsWay(trx: Db, reader: Pick<Trial, 'subscriber_id' | 'publication_id'>): Promise<boolean>;
};

/** How many trials were stopped short, moved to a later date by the calendar or a hold, and ended as spent. */
export type Stops = { stopped: number; moved: number; spent: number };

/**
 * Ends the trials whose last date is past and that no hold keeps, each in a transaction of its own. The date is
 * worked out anew from the calendar and the holds as they are now: where it has moved later, only that is written down. Who was to get
 * an edition at press still gets it, at whatever hour of the next day they chose: until then their trial stays.
 */
export async function hardStopDueTrials(
  db: Db,
  { now, isOnItsWay }: Asking & { now: Instant },
): Promise<Stops> {
  const stops: Stops = { stopped: 0, moved: 0, spent: 0 };
  for (const publication of await listPublications(db)) {
    for (const { id } of await listTrialsToStop(db, publication.id, localDate(publication, now))) {
      const done = await inTransaction(db, (trx) => stopIfDue(trx, id, publication, { now, isOnItsWay }));
      if (done) stops[done]++;
    }
  }
  return stops;
}

async function stopIfDue(
  trx: Db,
  trialId: number,
  publication: Publication,
  { now, isOnItsWay }: Asking & { now: Instant },
): Promise<keyof Stops | undefined> {
  const trial = await lockTrial(trx, trialId);
  if (trial.state !== 'scheduled' && trial.state !== 'running') return undefined;
  const { subscriber_id, publication_id } = trial;
  if ((await listHoldKinds(trx, subscriber_id, publication_id, { at: now })).length > 0) return undefined;
  if (await isOnItsWay(trx, trial)) return undefined;
  const today = localDate(publication, now);
  const due = isPast(trial.hard_stop_on, today)
    ? await currentHardStop(trx, trial, publication, { now })
    : null;
  const how = stopOn(trial, today, due);
  if (how === 'spent' || how === 'stopped') return end(trx, trial, publication, { now, how });
  if (how === 'moved')
    await recordEvent(
      trx,
      trial,
      { event: 'hard_stop_moved' },
      { now, actor: 'system', idem_key: `hard_stop ${due}`, detail: { hard_stop_on: String(due) } },
    );
  return how;
}

async function end<How extends 'spent' | 'stopped'>(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { now, how }: { now: Instant; how: How },
): Promise<How> {
  const event = how === 'spent' ? 'allowance_spent' : 'hard_stopped';
  const ended = await recordEvent(
    trx,
    trial,
    { event },
    { now, actor: 'system', idem_key: `${event} ${trial.version}` },
  );
  await askForClockLetters(trx, [ended], publication, { now, on: localDate(publication, now) });
  return how;
}
