import { type Counted, postgresMs, runSender, type Sink } from './processes.ts';
import { dataDir, type Stage } from './stage.ts';
import type { Measured } from './variants.ts';

/** What one round of a variant gave. Milliseconds are of processor time; memory is the sender process's peak. */
export type Round = {
  messages_per_second: number;
  sender_ms: number;
  postgres_ms: number | undefined;
  peak_mb: number;
};

/** Presses an edition for `readers` and sends it; throws where the sink did not see each reader once. */
export async function runRound(
  stage: Stage,
  measured: Measured,
  {
    sink,
    port = sink.port,
    readers,
    connections,
    trials = false,
    depth,
  }: {
    sink: Sink;
    port?: number;
    readers: number;
    connections: number;
    trials?: boolean;
    depth?: 0 | 1 | 2 | undefined;
  },
): Promise<Round> {
  const publication = await stage.publication(readers, trials);
  const pressed = await stage.press(publication);
  await sink.read();
  const order = {
    ...pressed,
    target: stage.target,
    port,
    variant: measured.variant as 'composed' | 'plain' | 'fast',
    signing: measured.signing,
    connections,
    depth,
    publication_id: publication.id,
    data_dir: dataDir(stage),
  };
  return runSender(
    order,
    async (work) => {
      const before = postgresMs(stage.postgres_folder);
      const sent = await work();
      const after = postgresMs(stage.postgres_folder);
      requireOnceEach(measured.name, await sink.read(), { sent: sent.messages, readers });
      return {
        messages_per_second: sent.messages / sent.seconds,
        sender_ms: sent.processor_ms / sent.messages,
        postgres_ms:
          before === undefined || after === undefined ? undefined : (after - before) / sent.messages,
        peak_mb: sent.peak_mb,
      };
    },
    SMALL_HEAP,
  );
}

/** As a worker would be run that is to stay small (src/cli/small-heap.ts). */
const SMALL_HEAP = ['--max-old-space-size=256', '--max-semi-space-size=8'];

function requireOnceEach(
  name: string,
  { messages, again, strange }: Counted,
  { sent, readers }: { sent: number; readers: number },
): void {
  if (sent === readers && messages === readers && again === 0 && strange === 0) return;
  throw new Error(
    `${name}: ${readers} readers, ${sent} accepted, ${messages} at the sink, ${again} of them again, ${strange} to nobody`,
  );
}
