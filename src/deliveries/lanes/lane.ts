import type { Verdict } from './verdict.ts';

/** One message ready to leave: the bytes, and the envelope they travel in. */
export type OutgoingMail = {
  /** The signed return path. */
  from: string;
  /** The one reader's address, as stored. */
  to: string;
  /** Names the delivery to the server (RFC 3461 ENVID); tells nothing of the reader. */
  envid: string;
  raw: Buffer;
};

/** A way to a mail server. `deliver` never throws for what the server does or fails to do: that is its verdict. */
export type Lane = {
  /** How many messages may be under way at once. */
  readonly connections: number;
  deliver(mail: OutgoingMail): Promise<Verdict>;
  /** Ends idle connections, and those at work once they are done; not waited for. */
  close(): Promise<void>;
};
