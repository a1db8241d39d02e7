import {
  type Days,
  dateOf,
  daysAfter,
  HOUR,
  nextEdition,
  pressOf,
  publishes,
  publishingDay,
} from './days.ts';
import { isHeld, isOpen, isPaid, type Letter, latest, openHold, type Reader, type Trial } from './reader.ts';

/** The clock's letters, the weightiest first (TRIALS §2). */
const CLOCK = ['trial-ended', 'trial-ending', 'trial-midway', 'trial-value', 'win-back'];
/** Letters that go although the reader has paused: they answer something just done. */
const PAST_A_PAUSE = ['confirm', 'welcome', 'trial-extended', 'converted', 'paused'];
const STALE = 36 * HOUR;
const APART = 3 * HOUR;

type Asked = { letter: string; due: number; sort?: string; trial?: Trial | undefined };

/** Asks for a letter. */
export function ask(reader: Reader, { letter, due, sort = '', trial }: Asked, asked: number): void {
  const end = trial?.ends ?? 0;
  reader.letters.push({ letter, due, sort, trial, asked, end, word: 'waiting', at: null, why: [] });
}

/** "Next 10:00": four hours after the press of the next publishing day after a date. */
export const nextMorning = (days: Days, after: string): number =>
  pressOf(days, publishingDay(days, after)) + 4 * HOUR;

/** The first Tuesday, Wednesday or Thursday on or after a date on which an edition comes. */
function quietMorning(days: Days, date: string): number {
  const quiet = { ...days, weekdays: days.weekdays.filter((day) => day >= 2 && day <= 4) };
  return nextMorning(quiet, daysAfter(date, -1));
}

/** What the clock has to tell after an edition of `on`, accepted at `at`, or an end on that date (M2 to M5, M7, M9). */
export function askClock(
  days: Days,
  reader: Reader,
  trial: Trial,
  { on, at }: { on: string; at: number },
): void {
  const once = (letter: string, sort: string, due: number): void => {
    const isAsked = reader.letters.some(
      (one) => one.trial === trial && one.letter === letter && one.sort === sort,
    );
    if (!isAsked) ask(reader, { letter, due, sort, trial }, at);
  };
  if (trial.state === 'ended') {
    once('trial-ended', `end ${trial.ends}`, nextMorning(days, on));
    for (const after of [21, 60])
      once('win-back', `${after} days after end ${trial.ends}`, quietMorning(days, daysAfter(on, after)));
  }
  if (trial.state !== 'running') return;
  const left = trial.allowance - trial.consumed;
  const rung = `r=${left}/ext${trial.extensions}`;
  if (left === 7 && trial.allowance >= 15) once('trial-midway', rung, nextMorning(days, on));
  if (left === 3 && trial.allowance >= 5) once('trial-ending', rung, nextMorning(days, on));
  if (left === 1 && trial.allowance >= 3)
    once('trial-ending', rung, Math.max(pressOf(days, on) + 8 * HOUR, at + APART));
  if (trial.consumed === 3 && trial.allowance >= 5) once('trial-value', '', nextMorning(days, on));
}

/** On return from a hold: a rung whose letter the hold kept back comes at the next 10:00, if the trial still stands on it. */
export function askAgain(days: Days, reader: Reader, at: number): void {
  const { trial } = reader;
  if (trial?.state !== 'running') return;
  const today = dateOf(days, at);
  const isStillMorning = publishes(days, today) && pressOf(days, today) + 4 * HOUR >= at;
  const due = nextMorning(days, isStillMorning ? daysAfter(today, -1) : today);
  const left = trial.allowance - trial.consumed;
  const kept = reader.letters.filter(
    (one) => one.trial === trial && one.word === 'dropped' && one.why.some((why) => HELD_BACK.includes(why)),
  );
  for (const { letter, sort } of kept) {
    const stands =
      letter === 'trial-value' ? trial.consumed === 3 : sort === `r=${left}/ext${trial.extensions}`;
    const isSettled = reader.letters.some(
      (one) => one.trial === trial && one.letter === letter && one.sort === sort && !kept.includes(one),
    );
    if (['trial-midway', 'trial-ending', 'trial-value'].includes(letter) && stands && !isSettled)
      ask(reader, { letter, due, sort, trial }, at);
  }
}

const HELD_BACK = ['paused', 'suppressed'];

/** The letters that go, or are put aside, when the program looks at `at`. */
export function lookAtLetters(days: Days, reader: Reader, at: number): void {
  const due = reader.letters.filter(({ word, due }) => word === 'waiting' && due <= at);
  if (due.length === 0) return;
  const answers = due.filter(({ letter }) => !CLOCK.includes(letter));
  const clock = due.filter(({ letter }) => CLOCK.includes(letter));
  const chosen = clock.length > 0 && mayClockSpeak(days, reader, at) ? weightiest(clock) : undefined;
  for (const letter of chosen ? [...answers, chosen] : answers) handOver(days, reader, letter, at);
}

const weightiest = (letters: Letter[]): Letter =>
  letters.reduce((a, b) => {
    const [first, second] = [CLOCK.indexOf(a.letter), CLOCK.indexOf(b.letter)];
    return second < first || (second === first && b.due >= a.due) ? b : a;
  });

/** One letter of the clock a day, and none within three hours of an edition. */
function mayClockSpeak(days: Days, reader: Reader, at: number): boolean {
  const today = dateOf(days, at);
  const hasSpoken = reader.letters.some(
    ({ letter, word, at }) =>
      CLOCK.includes(letter) &&
      (word === 'gone' || word === 'refused') &&
      dateOf(days, at as number) === today,
  );
  const isAfter = reader.editions.some(
    ({ word, at: accepted }) => word === 'accepted' && accepted > at - APART,
  );
  const isBefore = [today, daysAfter(today, 1)].some((date) => {
    const press = pressOf(days, date);
    return publishes(days, date) && press > at && press < at + APART;
  });
  return !hasSpoken && !isAfter && !isBefore;
}

function handOver(days: Days, reader: Reader, letter: Letter, at: number): void {
  letter.why = reasonsAgainst(days, reader, letter, at);
  letter.at = at;
  if (letter.why.length > 0) letter.word = 'dropped';
  else if (reader.dead) {
    letter.word = 'refused';
    reader.refused = true;
  } else {
    letter.word = 'gone';
    if (letter.trial && ['trial-midway', 'trial-ending', 'trial-extended'].includes(letter.letter))
      keepPromise(days, letter.trial, at);
  }
}

/** The last date that a letter prints is kept. */
function keepPromise(days: Days, trial: Trial, at: number): void {
  const next = nextEdition(days, at);
  const left = trial.allowance - trial.consumed;
  if (left > 0) trial.floor = latest(trial.floor, left > 1 ? publishingDay(days, next, left - 1) : next);
}

/** Every reason not to send a letter now; none: it goes (TRIALS §2, "Suppress if"). */
function reasonsAgainst(days: Days, reader: Reader, letter: Letter, at: number): string[] {
  const mayComeToWhoLeft = letter.letter === 'converted' || mayAskToConfirm(reader, letter); // a receipt
  const isUnsubscribed = isHeld(days, reader, 'unsubscribed', at) && !mayComeToWhoLeft;
  const reasons = {
    stale: at > letter.due + STALE,
    complaint: reader.suppressed === 'complaint',
    suppressed: reader.suppressed === 'bounce',
    unsubscribed: isUnsubscribed,
    paused: isHeld(days, reader, 'paused', at) && !PAST_A_PAUSE.includes(letter.letter),
    has_grant: isPaid(reader, at) && [...CLOCK, 'trial-extended'].includes(letter.letter),
    no_consent: letter.letter === 'win-back' && !reader.marketing,
  };
  const general = Object.entries(reasons).flatMap(([reason, holds]) => (holds ? [reason] : []));
  const own = untrue(reader, letter, at);
  return own ? [...general, own] : general;
}

/** Who left and only then asked for a trial may be asked to confirm it, if the address was once proved to be theirs, and once. */
function mayAskToConfirm(reader: Reader, { letter, trial }: Letter): boolean {
  if (letter !== 'confirm' || !reader.proved) return false;
  const left = openHold(reader, 'unsubscribed')?.from ?? 0;
  return left < (trial as Trial).requested && reader.refused_at < left;
}

/** Why what a letter says is no longer so. */
function untrue(reader: Reader, { letter, sort, trial, end }: Letter, at: number): string | undefined {
  const converted = trial?.state === 'converted' ? 'converted' : undefined;
  switch (letter) {
    case 'confirm':
      if (trial?.state === 'requested') return at > trial.requested + 72 * HOUR ? 'expired' : undefined;
      return trial?.state === 'void' ? 'expired' : 'confirmed';
    case 'welcome':
      return trial?.state === 'void' ? 'void' : undefined;
    case 'trial-value':
      return trial?.state === 'running' ? undefined : (converted ?? 'ended');
    case 'trial-midway':
    case 'trial-ending':
      if (trial?.state !== 'running') return converted ?? 'ended';
      return isRungSo(sort, trial.allowance - trial.consumed) ? undefined : 'superseded';
    case 'trial-extended':
      return isOpen(trial) ? undefined : (converted ?? 'ended');
    case 'trial-ended':
    case 'win-back':
      if (trial?.state !== 'ended') return converted ?? 'reopened';
      return trial.ends === end ? undefined : 'superseded';
    case 'converted':
      return converted ? undefined : 'reversed';
    case 'paused':
      return openHold(reader, 'paused')?.until === sort ? undefined : 'superseded';
    default:
      return undefined;
  }
}

/** "Three left" is so while two or three are, "seven left" down to four. */
function isRungSo(sort: string, left: number): boolean {
  if (sort.startsWith('r=7')) return left >= 4 && left <= 7;
  return sort.startsWith('r=3') ? left === 2 || left === 3 : left === 1;
}
