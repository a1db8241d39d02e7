import { median } from './median.ts';
import type { Options } from './options.ts';
import { startDelay, startSink } from './processes.ts';
import { runRound } from './round.ts';
import type { Stage } from './stage.ts';
import { type Measured, VARIANTS } from './variants.ts';

/** One way over a link with a round trip: messages a second, the median of the rounds, and how many times Nodemailer's pool. */
export type OverLink = { what: string; messages_per_second: number; to_pool: number };

const BASE = ['SIZE 104857600', '8BITMIME', 'ENHANCEDSTATUSCODES'];
type Way = { what: string; variant: string; extensions: string[]; depth?: 0 | 1 | 2 };
const WAYS: Way[] = [
  { what: "Nodemailer's pool", variant: 'b', extensions: [...BASE, 'PIPELINING'] },
  { what: 'our fast lane with PIPELINING', variant: 'd', extensions: [...BASE, 'PIPELINING'] },
  {
    what: 'our fast lane with CHUNKING',
    variant: 'd',
    extensions: [...BASE, 'PIPELINING', 'CHUNKING'],
    depth: 2,
  },
];

/** Compares the ways over a link with so many milliseconds of round trip, in turn, round after round. */
export async function compareOverLink(
  stage: Stage,
  options: Options & { link_ms: number },
  say: (text: string) => void,
): Promise<OverLink[]> {
  const rates = new Map<string, number[]>(WAYS.map(({ what }) => [what, []]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const way of WAYS) {
      const rate = await runWay(stage, way, options);
      rates.get(way.what)?.push(rate);
      say(`round ${round}, ${way.what}: ${Math.round(rate)} messages a second`);
    }
  }
  const medians = WAYS.map(({ what }) => ({
    what,
    messages_per_second: median(rates.get(what) as number[]),
  }));
  const pool = medians[0]?.messages_per_second as number;
  return medians.map((one) => ({ ...one, to_pool: one.messages_per_second / pool }));
}

async function runWay(stage: Stage, way: Way, options: Options & { link_ms: number }): Promise<number> {
  const measured = VARIANTS.find(({ name }) => name === way.variant) as Measured;
  const sink = await startSink(way.extensions, stage.folder);
  const delay = await startDelay(sink.port, options.link_ms / 2);
  const readers = measured.slow ? options.slow_messages : options.messages;
  const { connections } = options;
  const round = await runRound(stage, measured, {
    sink,
    port: delay.port,
    readers,
    connections,
    depth: way.depth,
  });
  delay.close();
  sink.close();
  return round.messages_per_second;
}
