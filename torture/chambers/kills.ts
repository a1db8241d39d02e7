import { setTimeout as wait } from 'node:timers/promises';
import { extensions } from '../machine/mail-server.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import { type Chamber, type Result, resultOf, type Wish } from './chamber.ts';

/** A kill comes within so long of the beginning of the work, at any moment alike. */
const WITHIN_MS = 1500;
/** In every third stretch of so many kills as many senders run side by side. */
const STRETCH = 10;
const SIDE_BY_SIDE = 3;

/** SIGKILL at random moments at full speed, until so many are done; then everything runs to its end. */
export const kills: Chamber = {
  about: 'kills senders at random moments, one alone and three side by side',
  run: (place, wish) => killSenders(place, wish),
};

/** As the chamber, with editions of `readers`, a fifth of them on trials, 200 at most. */
export async function killSenders(
  place: Place,
  wish: Omit<Wish, 'restarts' | 'tries' | 'messages' | 'days'>,
  { readers = 10_000, within_ms = WITHIN_MS } = {},
): Promise<Result> {
  const trials = Math.min(Math.floor(readers / 5), 200);
  const scene = await openScene(
    place,
    { readers: readers - trials, trials, policy: wish.policy, journal: wish.journal },
    { connections: wish.connections, lane: wish.lane },
  );
  scene.server.offer(extensions(wish));
  for (let stretch = 0; scene.killed.length < wish.kills; stretch++) {
    const count = Math.min(STRETCH, wish.kills - scene.killed.length);
    const at_once = stretch % 3 === 2 ? SIDE_BY_SIDE : 1;
    await killStretch(scene, { count, at_once, readers, within_ms });
    place.say(`${scene.killed.length} of ${wish.kills} kills`);
  }
  await scene.finish();
  const findings = await scene.judge();
  return resultOf(findings, {
    kills: scene.killed.length,
    measured: perConnection(findings.unknown_per_kill, wish.connections),
  });
}

type Stretch = { count: number; at_once: number; readers: number; within_ms: number };

/** A sender that is killed is started again at once; a new edition is pressed where less than half of one is left. */
async function killStretch(scene: Scene, { count, at_once, readers, within_ms }: Stretch): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      if ((await scene.newsroom.open()) < readers / 2) await scene.newsroom.press();
      const sender = scene.start();
      await sender.working;
      await wait(scene.place.random.between(0, within_ms));
      await scene.kill(sender);
    }
  };
  await Promise.all(Array.from({ length: at_once }, one));
}

function perConnection(doubts: number[], connections: number) {
  const each = doubts.map((count) => count / connections);
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    unknown_per_kill_and_connection: {
      mean: round(each.reduce((sum, one) => sum + one, 0) / Math.max(each.length, 1)),
      worst: round(Math.max(0, ...each)),
      kills_that_held_something: each.length,
    },
  };
}
