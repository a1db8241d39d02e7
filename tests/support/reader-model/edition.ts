import { type Days, dateOf, publishingDay } from './days.ts';
import { askClock } from './letters.ts';
import { endTrial, hasRight, isOpen, isPaid, latest, type Reader, type Trial, whyNot } from './reader.ts';

/** The edition of a date goes to press, and to a reader with a right to it. */
export function press(days: Days, reader: Reader, { on, at }: { on: string; at: number }): void {
  if (!hasRight(reader, at)) return;
  const reason = whyNot(days, reader, at);
  if (reason) reader.editions.push({ on, word: `skipped ${reason}`, number: null, at });
  else if (reader.dead) {
    reader.editions.push({ on, word: 'refused', number: null, at });
    reader.refused = true;
  } else {
    const counts = isOpen(reader.trial) && !isPaid(reader, at);
    // before the edition counts, for the letters that follow are never within three hours of it
    const number = counts ? count(days, reader, reader.trial as Trial, { on, at }) : null;
    reader.editions.push({ on, word: 'accepted', number, at });
  }
}

/** Counts an edition towards the trial (TRIALS §1.2, §1.3), those of grace after its own; returns its number. */
function count(
  days: Days,
  reader: Reader,
  trial: Trial,
  { on, at }: { on: string; at: number },
): number | 'grace' | null {
  if (trial.state === 'grace' && trial.consumed >= trial.allowance) {
    trial.counted.set(on, 'grace');
    if (++trial.grace_used >= trial.grace) {
      endTrial(trial, 'spent', at);
      askClock(days, reader, trial, { on, at });
    }
    return 'grace';
  }
  keepStripsPromise(days, trial, on);
  if (trial.state === 'scheduled') trial.state = 'running';
  const isCounted = trial.consumed < trial.allowance;
  if (isCounted) trial.counted.set(on, ++trial.consumed);
  if (trial.state === 'running' && trial.consumed >= trial.allowance && trial.floor <= on)
    endTrial(trial, 'spent', at);
  if (isCounted || !isOpen(trial)) askClock(days, reader, trial, { on, at });
  return isCounted ? trial.consumed : null;
}

/** The strip of an edition prints about when the last one comes; the last itself says only that it is. */
function keepStripsPromise(days: Days, trial: Trial, on: string): void {
  const left = trial.allowance - trial.consumed;
  if (left > 1) trial.floor = latest(trial.floor, publishingDay(days, on, left - 1));
}

/** At the full hour: a trial that is past its last date ends, unless a hold keeps it or has moved the date. */
export function stopWhenPast(
  days: Days,
  reader: Reader,
  { at, isHeld, stop }: { at: number; isHeld: boolean; stop: (trial: Trial) => string },
): void {
  const { trial } = reader;
  if (!isOpen(trial) || trial.state === 'grace' || isHeld) return;
  const today = dateOf(days, at);
  const isSpent = trial.consumed >= trial.allowance && today > trial.floor;
  if (!isSpent) {
    if (today <= trial.stop) return;
    trial.stop = stop(trial);
    if (today <= trial.stop) return;
  }
  endTrial(trial, isSpent ? 'spent' : 'hard_stop', at);
  askClock(days, reader, trial, { on: today, at });
}
