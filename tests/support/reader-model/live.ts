import { happen, leave, type Newsletter, resume } from './acts.ts';
import { type Days, dateOf, daysAfter, HOUR, momentOf } from './days.ts';
import { press, stopWhenPast } from './edition.ts';
import { lookAtLetters, nextMorning } from './letters.ts';
import type { Life, Story, TrialTold } from './life.ts';
import { endTrial, heldDays, isHeld, isOpen, newReader, openHold, type Reader, stopOf } from './reader.ts';

/** A moment at which the program looks what is due; `pressed`: the date of the edition that goes to press then. */
type Look = { at: number; pressed?: string };

/** The newsletter's month. */
export type Month = Newsletter & { looks: Look[] };

/** What must become of a reader, by the rules (TRIALS.md): every edition, every letter, and their trial in the end. */
export function live({ looks, ...letter }: Month, life: Life): Story {
  const reader = newReader();
  const acts = [...life.acts];
  const answers: string[] = [];
  for (const look of looks) {
    for (let act = acts[0]; act && act.at <= look.at; act = acts[0]) {
      acts.shift();
      answers.push(happen(letter, reader, act));
    }
    if (reader.known) lookAt(letter.days, reader, look);
  }
  const { editions, letters } = reader;
  return {
    answers,
    editions: editions.map(({ at, ...edition }) => edition),
    letters: letters.map(({ letter, due, word, at, why }) => ({ letter, due, word, at, why })),
    trial: tell(letter.days, reader, (looks.at(-1) as Look).at),
  };
}

/** What the program finds due at a moment, in this order. */
function lookAt(days: Days, reader: Reader, { at, pressed }: Look): void {
  const minute = (at / 60_000) % 60;
  if (minute === 30) giveUp(days, reader, at);
  if (reader.refused) {
    reader.refused = false;
    hold(reader, at);
  }
  const pause = openHold(reader, 'paused');
  if (pause?.until && pause.until <= dateOf(days, at)) resumeOn(days, reader, pause.until);
  if (pressed) press(days, reader, { on: pressed, at });
  lookAtLetters(days, reader, at);
  if (minute === 0)
    stopWhenPast(days, reader, {
      at,
      isHeld: isHeld(days, reader, 'at all', at),
      stop: (trial) => stopOf(days, reader, trial, at),
    });
  for (const one of reader.returned.splice(0)) hear(reader, one, at);
}

/** A request nobody confirms in 72 hours is void; ten publishing days of a bounce end a trial. Both give the claim back. */
function giveUp(days: Days, reader: Reader, at: number): void {
  const { trial } = reader;
  if (trial?.state === 'requested' && at >= trial.requested + 72 * HOUR)
    Object.assign(trial, { state: 'void', claimed: false });
  const bounce = openHold(reader, 'bounced');
  if (!bounce || !isOpen(trial)) return;
  const from = daysAfter(dateOf(days, bounce.from), -1);
  if (heldDays(days, [bounce], from, at) < 10) return;
  endTrial(trial, 'undeliverable', at);
  trial.claimed = false;
}

/** The edition of the date comes again; the letter waits until after it. */
const resumeOn = (days: Days, reader: Reader, date: string): boolean =>
  resume(days, reader, momentOf(days, date), nextMorning(days, daysAfter(date, -1)));

/** One hard bounce, and nothing is written to the address any more. */
function hold(reader: Reader, at: number): void {
  if (reader.suppressed) return;
  reader.suppressed = 'bounce';
  if (!openHold(reader, 'bounced'))
    reader.holds.push({ kind: 'bounced', from: at, to: Number.POSITIVE_INFINITY });
}

/** Something came back: what one edition told once is not heard again. */
function hear(reader: Reader, { kind, edition, at: came }: Reader['returned'][number], at: number): void {
  if (reader.heard.has(`${kind} ${edition}`)) return;
  reader.heard.add(`${kind} ${edition}`);
  if (kind === 'complain') {
    reader.suppressed = 'complaint';
    leave(reader, at);
    return;
  }
  hold(reader, at);
  const { trial } = reader;
  const accepted = reader.editions.find(({ on }) => on === edition)?.at as number;
  if (typeof trial?.counted.get(edition) !== 'number' || came > accepted + 72 * HOUR) return;
  trial.counted.set(edition, 'credited');
  trial.consumed--;
}

function tell(days: Days, reader: Reader, at: number): TrialTold | null {
  const { trial } = reader;
  if (!trial) return null;
  const { state, why, consumed, allowance, grace_used, ended } = trial;
  const ends_on = isOpen(trial) ? stopOf(days, reader, trial, at) : ended ? dateOf(days, ended) : null;
  return { state, why, consumed, allowance: trial.confirmed === null ? 0 : allowance, grace_used, ends_on };
}
