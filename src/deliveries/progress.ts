import { setTimeout as wait } from 'node:timers/promises';
import type { Ended, Work } from './hand-out.ts';
import type { Reader } from './ledger/audience.ts';
import { type LineUp, lineUp } from './pacing/line-up.ts';
import type { Written } from './record.ts';
import { endOfDay } from './relays/warm-up.ts';

/** Where the work on one batch stands: who waits, whose message is under way, whose end is not written down yet. */
export type Progress = {
  line: LineUp<Reader>;
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
export function beginProgress(readers: Reader[], { gate }: Pick<Work, 'gate'>): Progress {
  let wanted = 0;
  let ring: (() => void) | undefined;
  const progress: Progress = {
    line: lineUp(
      readers.toSorted((a, b) => a.doubts - b.doubts),
      gate,
    ),
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

/**
 * Those who are to be marked next: as many as the window has room for, the relays' day allows, and whose receivers may
 * be written to now. Where there are none and nothing is under way it waits a little, or ends the batch until they may.
 */
export async function takeNext(progress: Progress, work: Work): Promise<Reader[]> {
  const { line, underWay } = progress;
  if (line.left === 0) return [];
  const room = roomFor(line.first, work) - underWay.size;
  const allowed = await work.mail.lane.allowance(room);
  const next = line.take(Math.max(Math.min(room, allowed), 0));
  if (next.length > 0 || underWay.size > 0) return next;
  const now = work.sending.clock.now();
  const idle = allowed < 1 ? { rest_ms: now.until(endOfDay(now)).total('milliseconds') } : line.whatNow();
  if ('rest_ms' in idle) progress.ended = idle;
  else await wait(idle.wait_ms);
  return next;
}

/** Waits until three quarters of the window are free, or until there is something to write down. */
export function roomOrNews(progress: Progress, took: Reader[], work: Work): Promise<void> {
  const { line, underWay } = progress;
  const enough = line.left > 0 ? Math.floor(roomFor(line.first, work) / 4) : 0;
  // who may not start yet is not asked for again before something has changed
  return progress.until(
    took.length === 0 ? Math.max(Math.min(enough, underWay.size - 1), 0) : enough,
    PATIENCE_MS,
  );
}

/** Those in doubt once are marked no earlier than they start: a second doubt would be the last word on them. */
const roomFor = (first: Reader | undefined, { window, mail }: Pick<Work, 'window' | 'mail'>): number =>
  Math.min(window.size(mail.lane.connections), first && first.doubts > 0 ? mail.lane.connections : Infinity);
