import type { Answer, Verdict } from './verdict.ts';

/**
 * One message ready to leave, and the envelope it travels in. The bytes are written only where they are needed: `write`
 * puts them into `into` from `at` on and returns where they end; they are at most `most_bytes`, end with CRLF, have no
 * bare CR or LF, and are the same each time.
 */
export type OutgoingMail = {
  /** The signed return path. */
  from: string;
  /** The one reader's address, as stored. */
  to: string;
  /** Names the delivery to the server (RFC 3461 ENVID); tells nothing of the reader. */
  envid: string;
  most_bytes: number;
  write(into: Buffer, at: number): number;
  /** No line begins with a dot: it may stand in DATA as it is (RFC 5321 §4.5.2). */
  dotless: boolean;
  /** Called just before the final dot (or the last chunk) may leave: from then on a lost connection leaves a doubt. */
  leaving?(): void;
  /** Called with what the server answered, before anything more is said on that connection. */
  heard?(answer: Answer): void;
};

/** A way to a mail server. `deliver` never throws for what the server does or fails to do: that is its verdict. */
export type Lane = {
  /** How many messages may be under way at once. */
  readonly connections: number;
  deliver(mail: OutgoingMail): Promise<Verdict>;
  /** Ends idle connections, and those at work once they are done; not waited for. */
  close(): Promise<void>;
};

/** Tells whoever wants to know of the server's answer, where there is one; returns the verdict. */
export function tellAnswer(mail: Pick<OutgoingMail, 'heard'>, verdict: Verdict): Verdict {
  if ('reply_code' in verdict) mail.heard?.(verdict);
  return verdict;
}

/** A message composed as a whole, as one to be written. */
export function writeWhole(raw: Buffer): Pick<OutgoingMail, 'most_bytes' | 'write' | 'dotless'> {
  return { most_bytes: raw.length, write: (into, at) => at + raw.copy(into, at), dotless: false };
}

/** The bytes of a message in a buffer of their own. */
export function readWhole(mail: Pick<OutgoingMail, 'most_bytes' | 'write'>): Buffer {
  const raw = Buffer.allocUnsafe(mail.most_bytes);
  return raw.subarray(0, mail.write(raw, 0));
}
