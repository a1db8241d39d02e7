/** What a reader, their mailbox or the newsroom does at a moment (milliseconds of the epoch). */
export type LifeAct = { at: number } & Deed;

type Deed =
  | { do: 'confirm'; marketing: boolean }
  | { do: 'request' | 'resume' | 'leave' | 'rejoin' | 'ask for more' | 'release' }
  | { do: 'pause'; until: string }
  /** A payment; `days`: the term, none: without an end. */
  | { do: 'pay'; days?: number }
  | { do: 'extend' | 'reopen' | 'grace'; editions: number }
  /** From now on their mailbox refuses all mail for good, or takes it again. */
  | { do: 'mailbox dies' | 'mailbox works' }
  /** The edition of a date comes back as undeliverable, or as spam. */
  | { do: 'comes back' | 'complain'; edition: string };

/** One reader: what happens, in the order of time. */
export type Life = { name: string; acts: LifeAct[] };

/** What became of an edition: accepted (with its number in the trial, if it counted), refused by the mailbox, or skipped and why. */
export type EditionTold = { on: string; word: string; number: number | 'grace' | null };

/** What became of a letter: `gone` when, or why not. Where several reasons hold, any of them will do. */
export type LetterTold = {
  letter: string;
  due: number;
  word: 'gone' | 'refused' | 'waiting' | 'dropped';
  at: number | null;
  why: string[];
};

/** A trial at the end: `ends_on` is the last date of one that is open, or the date on which it ended. */
export type TrialTold = {
  state: string;
  why: string | null;
  consumed: number;
  allowance: number;
  grace_used: number;
  ends_on: string | null;
};

/** A reader's month: the answer to each act, every edition, every letter, and their newest trial. */
export type Story = {
  answers: string[];
  editions: EditionTold[];
  letters: LetterTold[];
  trial: TrialTold | null;
};
