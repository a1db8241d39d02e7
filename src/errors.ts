/** What went wrong, as the caller must treat it; anything else thrown is a bug. */
export type ErrorKind = 'invalid' | 'not_found' | 'conflict' | 'forbidden' | 'unavailable';

/** An error that a person can mend: the message names the value, the place and what was expected. */
export class PresstimeError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PresstimeError';
    this.kind = kind;
  }
}

/** The value given is not one we can take. */
export const invalid = (message: string, cause?: unknown) => new PresstimeError('invalid', message, cause);
/** What was named does not exist. */
export const notFound = (message: string, cause?: unknown) => new PresstimeError('not_found', message, cause);
/** What was asked does not fit the present state. */
export const conflict = (message: string, cause?: unknown) => new PresstimeError('conflict', message, cause);
/** The asker may not. */
export const forbidden = (message: string, cause?: unknown) =>
  new PresstimeError('forbidden', message, cause);
/** Something outside us does not answer, or not as it should; trying later may help. */
export const unavailable = (message: string, cause?: unknown) =>
  new PresstimeError('unavailable', message, cause);

/** The message of anything thrown, its causes appended after colons. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}
