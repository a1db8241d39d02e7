import { setTimeout as wait } from 'node:timers/promises';
import { READ_FOR } from '../machine/newsroom.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import { type Chamber, joined, type Result, resultOf, type Wish } from './chamber.ts';

const HOUR_MS = 3_600_000;
/** How far the clock of a sender is moved in the middle of an edition, and put right again later. */
const MOVES = [
  { name: 'an hour on', by_ms: HOUR_MS },
  { name: 'an hour back', by_ms: -HOUR_MS },
  { name: 'a day on', by_ms: 24 * HOUR_MS },
  { name: 'a day back', by_ms: -24 * HOUR_MS },
];
/** A few seconds before the clocks of the newsroom change, in Washington; the edition goes on while they do. */
const CHANGES = [
  { name: 'across the change to winter time', at: '2026-11-01T05:59:57Z' },
  { name: 'across the change to summer time', at: '2027-03-14T06:59:57Z' },
];
const READERS = 2000;
/** Moved for so long: some batches begin and some end under the wrong time. */
const WRONG_FOR_MS = 1500;

/** Moves the clock of a sender at work, kills it under the wrong time, and lets another end the edition under the right one. */
export const clock: Chamber = {
  about: 'moves the clock of senders at work',
  async run(place, wish) {
    const results: Result[] = [];
    for (const { name, by_ms } of MOVES) results.push(await move(place, wish, name, by_ms));
    for (const { name, at } of CHANGES) results.push(await cross(place, wish, name, at));
    return joined(results);
  },
};

async function move(place: Place, wish: Wish, name: string, by_ms: number): Promise<Result> {
  const scene = await openScene(
    place,
    { readers: READERS, policy: wish.policy },
    { connections: wish.connections },
  );
  await scene.newsroom.press();
  scene.server.pace(1);
  const sender = scene.start();
  await untilDots(scene, 100);
  sender.setClock(by_ms);
  await wait(WRONG_FOR_MS);
  await scene.kill(sender);
  scene.server.pace(0);
  await scene.finish();
  return told(scene, name);
}

/** The senders' clock is the newsroom's on that night; the machine's own is not touched. */
async function cross(place: Place, wish: Wish, name: string, at: string): Promise<Result> {
  const then = Temporal.Instant.from(at);
  const clock_offset_ms = then.epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
  const scene = await openScene(
    place,
    { readers: READERS, policy: wish.policy, since: then.subtract(READ_FOR) },
    { connections: wish.connections, clock_offset_ms },
  );
  await scene.newsroom.press(then);
  scene.server.pace(1);
  const sender = scene.start();
  await untilDots(scene, 100);
  await wait(3000);
  await scene.kill(sender);
  scene.server.pace(0);
  await scene.finish();
  return told(scene, name);
}

async function told(scene: Scene, name: string): Promise<Result> {
  const findings = await scene.judge({ clock_moved: true });
  const { accepted, doubled, unknown } = findings;
  return resultOf(findings, {
    kills: 1,
    measured: { [name]: { accepted, of: findings.readers, doubled, unknown } },
  });
}

async function untilDots({ server }: Scene, dots: number): Promise<void> {
  while ((await server.count()).dots < dots) await wait(20);
}
