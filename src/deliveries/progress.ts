import type { Ended, Work } from './hand-out.ts';
import type { Reader } from './ledger/audience.ts';
import type { Written } from './record.ts';

/** Where the work on one batch stands: who waits, whose message is under way, whose end is not written down yet. */
export type Progress = {
  waiting: Reader[];
  /** By their place in the audience. */
  underWay: Set<number>;
  settled: Written[];
  /** Messages in a row that never reached the server. */
  unsent: number;
  ended: Ended;
  /** Notes the end of one that was under way. */
  settle(written: Written): void;
  /** Resolves when no more than `enough` are under way, or, where it is given, after `patience_ms` with anything settled. */
  until(enough: number, patience_ms?: number): Promise<void>;
};

/** What has ended is written down after so long, however many are still under way. */
const PATIENCE_MS = 100;

/** The readers of a batch before any of them is handed over. */
export function beginProgress(readers: Reader[]): Progress {
  let wanted = 0;
  let ring: (() => void) | undefined;
  const progress: Progress = {
    waiting: readers.toSorted((a, b) => a.doubts - b.doubts),
    underWay: new Set(),
    settled: [],
    unsent: 0,
    ended: 'all',
    settle(written) {
      progress.underWay.delete(written.reader.seq);
      progress.settled.push(written);
      if (ring && progress.underWay.size <= wanted) ring();
    },
    until(enough, patience_ms) {
      if (progress.underWay.size <= enough) return Promise.resolve();
      wanted = enough;
      return new Promise((resolve) => {
        const look = () => progress.settled.length > 0 && ring?.();
        const timer = patience_ms === undefined ? undefined : setInterval(look, patience_ms);
        ring = () => {
          clearInterval(timer);
          ring = undefined;
          resolve();
        };
      });
    },
  };
  return progress;
}

/** Those who are to be marked next: as many as the window has room for. */
export function takeNext({ waiting, underWay }: Progress, { window, mail }: Work): Reader[] {
  return waiting.splice(0, Math.max(roomFor(waiting[0], { window, mail }) - underWay.size, 0));
}

/** Waits until half the window is free, or until there is something to write down. */
export function roomOrNews(progress: Progress, { window, mail }: Work): Promise<void> {
  const first = progress.waiting[0];
  return progress.until(first ? Math.floor(roomFor(first, { window, mail }) / 2) : 0, PATIENCE_MS);
}

/** Those in doubt once are marked no earlier than they start: a second doubt would be the last word on them. */
const roomFor = (first: Reader | undefined, { window, mail }: Pick<Work, 'window' | 'mail'>): number =>
  Math.min(window.size(mail.lane.connections), first && first.doubts > 0 ? mail.lane.connections : Infinity);
