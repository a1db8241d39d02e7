import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startCluster } from '../../machine/cluster.ts';
import { openPlace, type Place } from '../../machine/place.ts';
import { openScene } from '../../machine/scene.ts';
import { startStandby } from '../../machine/standby.ts';
import { type Result, resultOf, type Wish } from '../chamber.ts';

/**
 * Kills the Postgres that the senders write to and promotes its standby, which has everything that was committed because
 * it confirms each commit. The senders know one address, which then leads to the other.
 */
export async function failover(place: Place, { policy, connections }: Wish): Promise<Result> {
  const folder = join(place.folder, 'failover');
  const primary = await startCluster(folder);
  const address = join(folder, 'current');
  const leadTo = (socket_dir: string): void => {
    rmSync(`${address}-next`, { force: true });
    symlinkSync(socket_dir, `${address}-next`);
    renameSync(`${address}-next`, address);
  };
  leadTo(primary.server.host);
  const own = openPlace({ ...primary.server, host: address }, { ...place, folder });
  const scene = await openScene(own, { readers: 4000, policy }, { connections, lease_seconds: 5 });
  const standby = await startStandby(primary, join(folder, 'standby'));
  try {
    await scene.newsroom.press();
    const sender = scene.start();
    await sender.working;
    await wait(place.random.between(1000, 2500));
    const began = performance.now();
    await primary.down('kill');
    await standby.promote();
    leadTo(standby.server.host);
    const before = (await scene.server.count()).dots;
    while ((await scene.server.count()).dots === before) await wait(20);
    const seconds = Math.round(performance.now() - began) / 1000;
    await sender.stop();
    await scene.finish();
    return resultOf(await scene.judge(), { measured: { failover: { sending_again_seconds: seconds } } });
  } finally {
    await own.close();
    await standby.close();
    await primary.close();
  }
}
