import { setTimeout as wait } from 'node:timers/promises';
import type { Ledger } from '../checker/check.ts';
import { READ_FOR } from '../machine/newsroom.ts';
import { settingsFor } from '../machine/order.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import { type Chamber, resultOf } from './chamber.ts';

const READERS = 1000;
const HOUR_MS = 3_600_000;
const DAY = { hours: 24 };

/**
 * A copy of the ledger taken in the middle of yesterday's edition takes its place after that edition, and today's, have
 * gone. Found after the stale limit it sends nothing. Found an hour after press it sends again what it takes to be open,
 * under the same Message-IDs: how many is told, for only a person can know.
 */
export const snapshot: Chamber = {
  about: 'restores yesterday’s snapshot after today’s edition went',
  async run(place, { policy, connections }) {
    const yesterday = Temporal.Now.instant().subtract(DAY);
    const scene = await openScene(
      place,
      { readers: READERS, policy, since: yesterday.subtract(READ_FOR) },
      { connections, clock_offset_ms: -24 * HOUR_MS },
    );
    await scene.newsroom.press(yesterday);
    scene.server.pace(2);
    const sender = scene.start();
    while ((await scene.server.count()).dots < READERS / 3) await wait(10);
    await sender.stop();
    scene.server.pace(0);
    const [late, early] = [
      await place.newLedger(scene.ledger.database),
      await place.newLedger(scene.ledger.database),
    ];

    await scene.finish();
    await scene.newsroom.press(Temporal.Now.instant());
    await scene.finish({ clock_offset_ms: 0 });
    const findings = await scene.judge({ clock_moved: true });

    const sent_late = await sendFrom(scene, late, 0);
    const sent_early = await sendFrom(scene, early, -23 * HOUR_MS);
    return resultOf(findings, {
      measured: { restored_too_late_sent: sent_late, restored_in_time_sent_again: sent_early },
      wrong: sent_late > 0 ? [`${sent_late} messages older than the stale limit were sent`] : [],
    });
  },
};

/** How many messages leave when a sender finds this ledger in the place of the one it knew. */
async function sendFrom(scene: Scene, ledger: Ledger, clock_offset_ms: number): Promise<number> {
  await scene.server.play([]);
  const { DATA_DIR } = scene.order.settings;
  const settings = settingsFor(ledger, scene.server.url, DATA_DIR as string);
  const sender = scene.start({ settings, clock_offset_ms });
  for (let passes = 0; passes < 3; passes++) await sender.idle();
  await sender.stop();
  return (await scene.server.count()).dots;
}
