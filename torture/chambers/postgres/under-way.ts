import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cluster, startCluster } from '../../machine/cluster.ts';
import { openPlace, type Place } from '../../machine/place.ts';
import { openScene, type Scene } from '../../machine/scene.ts';
import type { Sender } from '../../machine/sender.ts';
import { type Result, resultOf, type Wish } from '../chamber.ts';

/** Editions on their way from a Postgres of their own while something is done to it. */
export type UnderWay = {
  cluster: Cluster;
  scene: Scene;
  /** Presses another edition where less than half of one is left. */
  keepBusy(): Promise<void>;
  /** Seconds until another message comes to the server's end. */
  untilSent(): Promise<number>;
};

const READERS = 4000;
const SENDERS = 2;

/**
 * Lets senders work from a cluster in a folder of its own, does `what` to it, lets them end and has it checked. What
 * `what` returns is measured; `wrong` in it are reasons why it failed.
 */
export async function whileUnderWay(
  place: Place,
  { policy, connections }: Pick<Wish, 'policy' | 'connections'>,
  name: string,
  what: (underWay: UnderWay) => Promise<{ measured: Record<string, unknown>; wrong?: string[] }>,
): Promise<Result> {
  const folder = join(place.folder, name.replaceAll(' ', '-'));
  const cluster = await startCluster(folder);
  const own = openPlace(cluster.server, { ...place, folder });
  try {
    const scene = await openScene(own, { readers: READERS, policy }, { connections, lease_seconds: 5 });
    await scene.newsroom.press();
    const senders: Sender[] = Array.from({ length: SENDERS }, () => scene.start());
    await Promise.all(senders.map(({ working }) => working));
    const { measured, wrong = [] } = await what(underWayOf(cluster, scene));
    await Promise.all(senders.map((sender) => sender.stop()));
    await scene.finish();
    return resultOf(await scene.judge(), { measured: { [name]: measured }, wrong });
  } finally {
    await own.close();
    await cluster.close();
  }
}

function underWayOf(cluster: Cluster, scene: Scene): UnderWay {
  return {
    cluster,
    scene,
    async keepBusy() {
      if ((await scene.newsroom.open()) < READERS / 2) await scene.newsroom.press();
    },
    async untilSent() {
      const began = performance.now();
      const before = (await scene.server.count()).dots;
      while ((await scene.server.count()).dots === before) {
        if ((await scene.newsroom.open()) === 0) await scene.newsroom.press();
        await wait(20);
      }
      return (performance.now() - began) / 1000;
    },
  };
}
