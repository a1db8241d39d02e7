import { type Days, dateOf, momentOf, pressedDays, pressOf, publishingDay } from './days.ts';
import type { EditionTold, LetterTold } from './life.ts';

/** The terms of a trial that is asked for from a moment on. */
export type Terms = { from: number; allowance: number; cap: number };

/** A trial (TRIALS §1). `extensions`: how often it got editions more, from an extension or a reopening. */
export type Trial = {
  state: 'requested' | 'scheduled' | 'running' | 'grace' | 'ended' | 'converted' | 'void';
  why: string | null;
  requested: number;
  confirmed: number | null;
  ended: number | null;
  allowance: number;
  consumed: number;
  grace: number;
  grace_used: number;
  cap: number;
  /** The last date by the cap, as last written down; it only moves later. */
  stop: string;
  /** The latest last date that was printed to the reader. */
  floor: string;
  extended: { times: number; editions: number };
  extensions: number;
  /** How often it has ended: what is told of one end is not so of another. */
  ends: number;
  asked_for_more: boolean;
  claimed: boolean;
  counted: Map<string, number | 'grace' | 'credited'>;
};

export type Hold = { kind: 'unsubscribed' | 'paused' | 'bounced'; from: number; to: number; until?: string };

/** A letter on its way. `sort`: what of its name it is about; `end`: to which end of the trial it belongs. */
export type Letter = LetterTold & {
  trial: Trial | undefined;
  sort: string;
  asked: number;
  end: number;
};

/** All that there is of a reader. */
export type Reader = {
  known: boolean;
  /** Has proved the address to be theirs. */
  proved: boolean;
  trial: Trial | undefined;
  /** Has agreed to mail about offers, where they confirmed. */
  marketing: boolean;
  /** When they last left by a letter that asked them to confirm, having left before. */
  refused_at: number;
  paid: { from: number; to: number }[];
  holds: Hold[];
  suppressed: 'bounce' | 'complaint' | undefined;
  /** Whether the mailbox refuses everything. */
  dead: boolean;
  /** Something was refused at the hand-over, and has not been judged yet. */
  refused: boolean;
  /** What came back and has not been read yet, and what was read before. */
  returned: { kind: 'comes back' | 'complain'; edition: string; at: number }[];
  heard: Set<string>;
  editions: (EditionTold & { at: number })[];
  letters: Letter[];
};

export const newReader = (): Reader => ({
  known: false,
  proved: false,
  trial: undefined,
  marketing: false,
  refused_at: Number.NEGATIVE_INFINITY,
  paid: [],
  holds: [],
  suppressed: undefined,
  dead: false,
  refused: false,
  returned: [],
  heard: new Set(),
  editions: [],
  letters: [],
});

export const isOpen = (trial: Trial | undefined): trial is Trial =>
  trial !== undefined && ['scheduled', 'running', 'grace'].includes(trial.state);

export const isPaid = (reader: Reader, at: number): boolean =>
  reader.paid.some(({ from, to }) => from <= at && at < to);

export const hasRight = (reader: Reader, at: number): boolean => isPaid(reader, at) || isOpen(reader.trial);

/** A pause ends with the beginning of its date, whoever notes it when. */
const endOf = (days: Days, { to, until }: Hold): number => (until ? Math.min(to, momentOf(days, until)) : to);

export const isHeld = (days: Days, reader: Reader, kind: Hold['kind'] | 'at all', at: number): boolean =>
  reader.holds.some(
    (hold) => (kind === 'at all' || hold.kind === kind) && hold.from <= at && at < endOf(days, hold),
  );

export const openHold = (reader: Reader, kind: Hold['kind']): Hold | undefined =>
  reader.holds.find((hold) => hold.kind === kind && hold.to === Number.POSITIVE_INFINITY);

/** Why an edition does not go to a reader who has a right to it, the first that holds (TRIALS §1). */
export function whyNot(days: Days, reader: Reader, at: number): string | undefined {
  if (reader.suppressed) return reader.suppressed === 'complaint' ? 'complaint' : 'suppressed';
  return (['unsubscribed', 'paused', 'bounced'] as const).find((kind) => isHeld(days, reader, kind, at));
}

/** How many publishing days after a date were pressed while the reader was held, each once. */
export const heldDays = (days: Days, holds: Hold[], from: string, now: number): number =>
  pressedDays(days, from, now).filter((date) => {
    const press = pressOf(days, date);
    return holds.some((hold) => hold.from < press && press < endOf(days, hold));
  }).length;

/** The last date of a trial: so many publishing days after its confirmation, and one for each held; never earlier than was said. */
export function stopOf(days: Days, reader: Reader, trial: Trial, now: number): string {
  const from = dateOf(days, trial.confirmed as number);
  const date = publishingDay(days, from, trial.cap + heldDays(days, reader.holds, from, now));
  return latest(date, trial.stop, trial.floor);
}

export const latest = (...dates: string[]): string => dates.reduce((a, b) => (b > a ? b : a));

/** Lets a trial end; no letter follows from it alone. */
export function endTrial(trial: Trial, why: string, at: number): void {
  Object.assign(trial, { state: 'ended', why, ended: at, ends: trial.ends + 1 });
}
