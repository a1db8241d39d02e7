import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

const ADDRESS = /[^\s<>"'(),;:@]+@[^\s<>"'(),;:@]+/gu;

/** Structured logs, one JSON object a line, with every e-mail address reduced to its domain. */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    { level, base: null, formatters: { level: (label) => ({ level: label }) } },
    redacting(destination),
  );
}

/** A log that says nothing: for tests and rehearsals. */
export const silentLog = (): Log => pino({ level: 'silent' });

/** `text` with the local part of every e-mail address replaced. */
export function redactAddresses(text: string): string {
  return text.replace(ADDRESS, (address) => `***@${address.slice(address.lastIndexOf('@') + 1)}`);
}

function redacting(
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): DestinationStream {
  return { write: (line) => destination.write(redactAddresses(line)) };
}
