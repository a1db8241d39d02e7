import { join } from 'node:path';

/**
 * A note of 16 bytes. `reply_code` 0: the final dot is about to leave; else what the server answered it with, and
 * `REFUSED` more where it refused us for policy, which the code alone does not say.
 */
export type JournalRecord = { run_id: number; seq: number; attempt: number; reply_code: number };

export const RECORD_BYTES = 16;
export const REFUSED = 1000;

/** Writes a note into `into` at `at`; returns where it ends. The last four bytes tell a whole note from a torn one. */
export function writeRecord(into: Buffer, at: number, record: JournalRecord): number {
  const { run_id, seq, attempt, reply_code } = record;
  into.writeUInt32LE(run_id, at);
  into.writeUInt32LE(seq, at + 4);
  into.writeUInt16LE(attempt, at + 8);
  into.writeUInt16LE(reply_code, at + 10);
  into.writeUInt32LE(check(run_id, seq, attempt, reply_code), at + 12);
  return at + RECORD_BYTES;
}

/** The whole notes in `bytes`, in order. */
export function* readRecords(bytes: Buffer): Generator<JournalRecord> {
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const record = {
      run_id: bytes.readUInt32LE(at),
      seq: bytes.readUInt32LE(at + 4),
      attempt: bytes.readUInt16LE(at + 8),
      reply_code: bytes.readUInt16LE(at + 10),
    };
    if (bytes.readUInt32LE(at + 12) === check(record.run_id, record.seq, record.attempt, record.reply_code))
      yield record;
  }
}

/** The two files that a worker's journal alternates between. */
export const journalFiles = (folder: string, worker: string): [string, string] => {
  const name = encodeURIComponent(worker);
  return [join(folder, `${name}.0.journal`), join(folder, `${name}.1.journal`)];
};

/** The worker whose journal a file of this name is, or undefined where it is none. */
export const workerOfFile = (file: string): string | undefined => {
  const [, name] = /^(.+)\.[01]\.journal$/.exec(file) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name);
};

const check = (run_id: number, seq: number, attempt: number, reply_code: number): number =>
  (Math.imul(run_id, 0x9e3779b1) ^ Math.imul(seq, 0x85ebca6b) ^ (attempt << 16) ^ reply_code ^ 0x70726573) >>>
  0;
