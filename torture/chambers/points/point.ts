import { launch } from '../../../tests/support/presstime.ts';
import { extensions } from '../../machine/mail-server.ts';
import type { Place } from '../../machine/place.ts';
import { openScene, type Scene } from '../../machine/scene.ts';
import type { Wish } from '../chamber.ts';

/** One named point: kills a process there, and returns what shows that it was there, and what `must` be so. */
export type Point = {
  about: string;
  must: Record<string, unknown>;
  run(scene: Scene): Promise<Record<string, unknown>>;
};

/** Readers of each point's edition: two batches. */
const READERS = 600;

/** The scene of a point; nothing is pressed yet. */
export async function pointScene(place: Place, wish: Wish): Promise<Scene> {
  const { policy, journal, connections, lane } = wish;
  const scene = await openScene(place, { readers: READERS, policy, journal }, { connections, lane });
  scene.server.offer(extensions(wish));
  return scene;
}

/** A command of the program itself on the scene's ledger and mail server. */
export function command(scene: Scene, args: string[], env: Record<string, string> = {}) {
  const child = launch(args, { cwd: scene.place.folder, env: { ...scene.order.settings, ...env } });
  child.stderr.resume();
  child.stdout.resume();
  return child;
}
