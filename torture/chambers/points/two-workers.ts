import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Scene } from '../../machine/scene.ts';
import type { Point } from './point.ts';

/** Readers of a batch. */
const BATCH = 500;

/**
 * A worker that stood still while its lease ran out and its connections broke wakes up when another has its batch: its
 * fence lets it write nothing more. Then it is killed, and later the other.
 */
export const twoOnOneBatch: Point = {
  about: 'two workers on one batch',
  must: { written_after_waking: 0 },
  async run(scene) {
    await scene.newsroom.press();
    scene.server.pace(5);
    const first = scene.start();
    await untilDots(scene, 50);
    first.signal('SIGSTOP');
    const of_first = await ownerOf(scene);
    await dropLocks(scene);
    const second = scene.start();
    await untilTaken(scene, of_first);
    const written = await writtenBy(scene, of_first);
    first.signal('SIGCONT');
    await wait(500);
    const written_after_waking = (await writtenBy(scene, of_first)) - written;
    await scene.kill(first);
    await scene.kill(second);
    scene.server.pace(0);
    const fence = await scene.db
      .selectFrom('batches')
      .select('fence')
      .where('no', '=', 1)
      .executeTakeFirstOrThrow();
    return { fence: fence.fence, written_after_waking };
  },
};

async function untilDots(scene: Scene, dots: number): Promise<void> {
  while ((await scene.server.count()).dots < dots) await wait(20);
}

const ownerOf = async ({ db }: Scene): Promise<string> =>
  (await db.selectFrom('batches').select('owner').where('no', '=', 1).executeTakeFirstOrThrow()).owner ??
  'nobody';

async function untilTaken(scene: Scene, from: string): Promise<void> {
  while ([from, 'nobody'].includes(await ownerOf(scene))) await wait(20);
}

/** How much of the first batch it wrote: the second is free for whoever comes. */
const writtenBy = async ({ db }: Scene, worker: string): Promise<number> =>
  (
    await db
      .selectFrom('outcomes')
      .select('seq')
      .where('worker', '=', worker)
      .where('seq', '<=', BATCH)
      .execute()
  ).length;

/** A lock would tell that the sleeper lives: its connections are broken, as a router does to those that sleep. */
async function dropLocks({ db }: Scene): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
    db,
  );
}
