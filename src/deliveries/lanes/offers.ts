/** What a server offers in its answer to EHLO, as far as it changes what we send. */
export type Offers = {
  /** RFC 2920: commands may be written without waiting for each reply. */
  pipelining: boolean;
  /** RFC 3030: the message may go as a counted chunk. */
  chunking: boolean;
  /** RFC 3461: failure notices may be asked for. */
  dsn: boolean;
  /** RFC 6531: addresses in any script. */
  smtputf8: boolean;
  /** RFC 1870: the size of a message may be announced. */
  size: boolean;
  /** The largest message it takes; none said: 0. */
  most_bytes: number;
};

/** The offers in the lines of an answer to EHLO, without their codes and the greeting (RFC 5321 §4.1.1.1). */
export function readOffers(lines: string[]): Offers {
  const words = new Map(lines.map((line) => [keyword(line), line.trim().split(/\s+/)[1]]));
  return {
    pipelining: words.has('PIPELINING'),
    chunking: words.has('CHUNKING'),
    dsn: words.has('DSN'),
    smtputf8: words.has('SMTPUTF8'),
    size: words.has('SIZE'),
    most_bytes: Number.parseInt(words.get('SIZE') ?? '', 10) || 0,
  };
}

const keyword = (line: string): string => (line.trim().split(/\s/)[0] as string).toUpperCase();
