import { once } from 'node:events';
import { closeGate } from '../../machine/gate.ts';
import type { Scene } from '../../machine/scene.ts';
import { command, type Point } from './point.ts';

/** After the edition's row of the ledger is there, and before anybody is in its audience. */
export const beforeTheAudience: Point = {
  about: 'after the edition’s row and before the audience',
  must: { left_as: 'draft', runs_left: 0, pressed_again: true },
  run: (scene) => killThePress(scene, 'before insert on audience for each statement'),
};

/** While the audience is written, half of it done. */
export const inTheFreezing: Point = {
  about: 'in the freezing',
  must: { left_as: 'draft', runs_left: 0, pressed_again: true },
  run: (scene) => killThePress(scene, 'before insert on audience for each row when (new.seq = 300)'),
};

/** While the run is closed: its books are counted and the change is not yet committed. */
export const whileClosing: Point = {
  about: 'while closing the edition',
  must: { still_open: 1 },
  async run(scene) {
    await scene.newsroom.press();
    const gate = await closeGate(
      scene.ledger,
      'before update on runs for each row when (old.closed_at is null and new.closed_at is not null)',
    );
    const sender = scene.start();
    while ((await scene.newsroom.open()) > 0) await sender.idle();
    await sender.stop();
    await killAt(scene, ['job', 'close-runs'], gate);
    const still_open = await scene.db
      .selectFrom('runs')
      .select('id')
      .where('closed_at', 'is', null)
      .execute();
    return { still_open: still_open.length };
  },
};

async function killThePress(scene: Scene, event: string): Promise<Record<string, unknown>> {
  const { date } = await scene.newsroom.draft();
  const press = ['press', '--date', date];
  await killAt(scene, press, await closeGate(scene.ledger, event));
  const { state } = await scene.db.selectFrom('editions').select('state').executeTakeFirstOrThrow();
  const runs = await scene.db.selectFrom('runs').select('id').execute();
  const [code] = await once(command(scene, press), 'exit');
  return { left_as: state, runs_left: runs.length, pressed_again: code === 0 };
}

async function killAt(
  scene: Scene,
  args: string[],
  gate: Awaited<ReturnType<typeof closeGate>>,
): Promise<void> {
  const child = command(scene, args);
  const ended = once(child, 'exit');
  await gate.reached();
  child.kill('SIGKILL');
  await ended;
  scene.killed.push({ at: performance.timeOrigin + performance.now(), held: [] });
  await gate.clear();
}
