import { median } from './median.ts';
import type { Options } from './options.ts';
import { type Sink, startSink } from './processes.ts';
import { type Round, runRound } from './round.ts';
import { hasSmtpSource, runSmtpSource } from './smtp-source.ts';
import type { Stage } from './stage.ts';
import { type Measured, VARIANTS } from './variants.ts';

/** What a variant came to: medians of its rounds, or why it was not measured. */
export type Figures = { name: string; what: string; messages: number } & (
  | (Round & { rounds: number; processor_ms: number })
  | { not_measured: string }
);

/** One variant against another: how many times its rate, and what share of its processor time. */
export type Ratio = { of: string; to: string; rate: number; processor: number };

const EXTENSIONS = [
  'PIPELINING',
  'CHUNKING',
  'SIZE 104857600',
  '8BITMIME',
  'DSN',
  'ENHANCEDSTATUSCODES',
  'SMTPUTF8',
];
/** Of one message of the bench on the wire: what smtp-source sends, too. */
const WIRE_BYTES = 65_000;
const PAIRS = [
  ['d', 'b'],
  ['d', 'a'],
  ['c', 'b'],
  ['d-rsa', 'b-rsa'],
  ['d-both', 'b-rsa'],
] as const;

/** Measures the variants in turn, round after round, so that what else the machine does falls on all of them. */
export async function compare(
  stage: Stage,
  options: Options,
  say: (text: string) => void,
): Promise<{ sink: Sink['kind']; figures: Figures[]; ratios: Ratio[] }> {
  const wanted = VARIANTS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const sink = await startSink(EXTENSIONS, stage.folder);
  const rounds = new Map<string, Round[]>(wanted.map(({ name }) => [name, []]));
  const measurable = wanted.filter(({ variant }) => variant !== 'smtp-source' || hasSmtpSource());
  for (let round = 1; round <= options.rounds; round++) {
    for (const measured of measurable) {
      const one = await runOne(stage, measured, sink, options);
      rounds.get(measured.name)?.push(one);
      say(`round ${round}, ${measured.what}: ${Math.round(one.messages_per_second)} messages a second`);
    }
  }
  sink.close();
  const figures = wanted.map((measured) =>
    summarise(measured, rounds.get(measured.name) as Round[], options),
  );
  return { sink: sink.kind, figures, ratios: ratiosOf(figures) };
}

const messagesOf = ({ slow }: Measured, options: Options): number =>
  slow ? options.slow_messages : options.messages;

async function runOne(stage: Stage, measured: Measured, sink: Sink, options: Options): Promise<Round> {
  const readers = messagesOf(measured, options);
  const { connections } = options;
  if (measured.variant !== 'smtp-source') return runRound(stage, measured, { sink, readers, connections });
  const { seconds, processor_ms } = await runSmtpSource(sink.port, {
    messages: readers,
    bytes: WIRE_BYTES,
    connections,
  });
  const { messages } = await sink.read();
  if (messages !== readers) throw new Error(`smtp-source: ${messages} of ${readers} messages at the sink`);
  return {
    messages_per_second: readers / seconds,
    sender_ms: processor_ms / readers,
    postgres_ms: 0,
    peak_mb: 0,
  };
}

function summarise(measured: Measured, rounds: Round[], options: Options): Figures {
  const { name, what } = measured;
  const messages = messagesOf(measured, options);
  if (rounds.length === 0)
    return { name, what, messages, not_measured: 'it is not installed on this machine' };
  const middle = (of: (round: Round) => number) => median(rounds.map(of));
  const sender_ms = middle((round) => round.sender_ms);
  const postgres_ms = rounds.every((round) => round.postgres_ms !== undefined)
    ? middle((round) => round.postgres_ms as number)
    : undefined;
  return {
    name,
    what,
    messages,
    rounds: rounds.length,
    messages_per_second: middle((round) => round.messages_per_second),
    sender_ms,
    postgres_ms,
    processor_ms: sender_ms + (postgres_ms ?? 0),
    peak_mb: middle((round) => round.peak_mb),
  };
}

function ratiosOf(figures: Figures[]): Ratio[] {
  const measured = new Map(figures.flatMap((one) => ('not_measured' in one ? [] : [[one.name, one]])));
  return PAIRS.flatMap(([of, to]) => {
    const [mine, other] = [measured.get(of), measured.get(to)];
    if (!mine || !other) return [];
    return {
      of,
      to,
      rate: mine.messages_per_second / other.messages_per_second,
      processor: mine.processor_ms / other.processor_ms,
    };
  });
}
