import { sql } from 'kysely';
import { systemClock } from '../src/clock.ts';
import { closeRuns } from '../src/press/close.ts';
import type { Options } from './options.ts';
import { startSink } from './processes.ts';
import { type Round, runRound } from './round.ts';
import type { Stage } from './stage.ts';
import { VARIANTS } from './variants.ts';

/** One size: what sending took, and what the books say afterwards. `seconds`: from the first message to the last. */
export type Size = Round & {
  readers: number;
  processor_ms: number;
  accepted: number;
  trials_counted: number;
};

const SIZES = [10_000, 100_000, 1_000_000];
const EXTENSIONS = ['PIPELINING', 'CHUNKING', '8BITMIME', 'SIZE 104857600', 'ENHANCEDSTATUSCODES'];

/** Sends an edition to ten thousand readers, to a hundred thousand and to a million, a fifth of them on trials, and closes the books. */
export async function runMillion(
  stage: Stage,
  options: Options,
  say: (text: string) => void,
): Promise<Size[]> {
  const fast = VARIANTS.find(({ name }) => name === 'd');
  if (!fast) throw new Error('there is no variant d');
  const sink = await startSink(EXTENSIONS, stage.folder);
  const sizes: Size[] = [];
  for (const readers of SIZES) {
    const before = await countConsumed(stage);
    const { connections } = options;
    const round = await runRound(stage, fast, { sink, readers, connections, trials: true });
    await closeRuns(stage.db, { now: systemClock.now() });
    const { accepted_count } = await stage.db
      .selectFrom('runs')
      .select('accepted_count')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const trials_counted = (await countConsumed(stage)) - before;
    const size = {
      ...round,
      readers,
      processor_ms: round.sender_ms + (round.postgres_ms ?? 0),
      accepted: accepted_count ?? 0,
      trials_counted,
    };
    if (size.accepted !== readers || trials_counted !== Math.floor(readers / 5))
      throw new Error(
        `of ${readers} readers ${size.accepted} are accepted, and ${trials_counted} trials counted`,
      );
    sizes.push(size);
    say(
      `${readers} readers: ${Math.round(size.messages_per_second)} a second, ${Math.round(size.peak_mb)} MB`,
    );
  }
  sink.close();
  return sizes;
}

/** Editions counted on trials so far. */
async function countConsumed(stage: Stage): Promise<number> {
  const { rows } = await sql<{ counted: number }>`
    select count(*) as counted from trial_events where event = 'edition_accepted'`.execute(stage.db);
  return rows[0]?.counted ?? 0;
}
