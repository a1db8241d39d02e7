import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Log } from '../../log.ts';
import type { Answer } from '../lanes/verdict.ts';
import { journalFiles, RECORD_BYTES, REFUSED, writeRecord } from './record.ts';

/** One attempt to hand a message over. */
export type AttemptRef = { run_id: number; seq: number; attempt: number };

/**
 * What this process notes on its own machine, beside the ledger: that the final dot of a message is about to leave, and
 * what the server answered. It outlives the process, not the machine: after a kill, only those whose dot had left
 * without an answer are in doubt.
 */
export type Journal = {
  /** Notes, before this returns, that the dot may leave. */
  leaving(ref: AttemptRef): void;
  /** Notes the answer to the same `ref`; at the latest with the next note, or when the event in hand is over. */
  heard(ref: AttemptRef, answer: Pick<Answer, 'kind' | 'reply_code'>): void;
  /** Removes it: nothing is in hand any more. */
  close(): void;
};

/** A file takes so many bytes before the other of the two is begun anew: far more than is ever in hand. */
const FILE_BYTES = 2 ** 21;
/** Answers that come in one event are written in one go, so many at most. */
const PENDING_RECORDS = 64;

/**
 * Opens the journal of `worker` under `folder`. A journal that cannot be written, its disk full say, is removed: none at
 * all means that everybody marked is in doubt, half of one would call some unsent who are not.
 */
export function openJournal(folder: string, worker: string, { log }: { log: Log }): Journal {
  const files = journalFiles(folder, worker);
  const underWay = new Set<AttemptRef>();
  const pending = Buffer.allocUnsafe(PENDING_RECORDS * RECORD_BYTES);
  let filled = 0;
  let written = 0;
  let current = 0;
  let fd: number | undefined;
  let isAsked = false;

  const abandon = (error: unknown): void => {
    log.error(
      { err: error, folder },
      'the journal cannot be written: a kill would leave all who are marked in doubt',
    );
    remove();
  };
  const remove = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    for (const file of files.filter((one) => existsSync(one))) rmSync(file);
  };
  const flush = (): void => {
    isAsked = false;
    if (fd === undefined || filled === 0) return;
    try {
      writeAll(fd, pending, filled);
      written += filled;
      filled = 0;
      if (written >= FILE_BYTES) turnOver(fd);
    } catch (error) {
      abandon(error);
    }
  };
  /** Begins the other file anew, with those who may have waited for their answer since before it was last begun. */
  const turnOver = (full: number): void => {
    current = 1 - current;
    const next = openSync(files[current] as string, 'w');
    const carried = Buffer.allocUnsafe(underWay.size * RECORD_BYTES);
    let end = 0;
    for (const ref of underWay) end = writeRecord(carried, end, { ...ref, reply_code: 0 });
    writeAll(next, carried, end);
    closeSync(full);
    fd = next;
    written = end;
  };
  const note = (ref: AttemptRef, reply_code: number): void => {
    if (filled === pending.length) flush();
    filled = writeRecord(pending, filled, { ...ref, reply_code });
  };

  try {
    mkdirSync(folder, { recursive: true });
    fd = openSync(files[0], 'w');
  } catch (error) {
    abandon(error);
  }
  return {
    leaving(ref) {
      if (fd === undefined) return;
      underWay.add(ref);
      note(ref, 0);
      flush();
    },
    heard(ref, { kind, reply_code }) {
      if (fd === undefined) return;
      underWay.delete(ref);
      note(ref, kind === 'refused' ? reply_code + REFUSED : reply_code);
      if (isAsked) return;
      isAsked = true;
      queueMicrotask(flush);
    },
    close: remove,
  };
}

/** A disk that fills up takes a part and says so only of the next. */
function writeAll(fd: number, bytes: Buffer, length: number): void {
  for (let at = 0; at < length; ) at += writeSync(fd, bytes, at, length - at);
}
