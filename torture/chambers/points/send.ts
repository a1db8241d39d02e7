import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { closeGate } from '../../machine/gate.ts';
import type { Scene } from '../../machine/scene.ts';
import type { Verb } from '../../server/fault.ts';
import { command, type Point } from './point.ts';

/** A batch is leased, nobody in it is marked, and no message has begun. */
export const beforeConnecting: Point = {
  about: 'between lease and connect',
  must: { messages_at_the_server: 0 },
  run: (scene) =>
    killInTheLedger(
      scene,
      "before update on batches for each row when (old.marked = '{}' and new.marked <> '{}')",
    ),
};

/** The server has said 250, and the commit that says so does not come about. */
export const beforeTheCommit: Point = {
  about: 'after 250, before the commit',
  must: {},
  run: (scene) =>
    killInTheLedger(scene, "before insert on outcomes for each row when (new.status = 'accepted')"),
};

/** The server has a part of the message. */
export const inData: Point = {
  about: 'in DATA',
  must: { held_at: 'BODY' },
  run: (scene) => killAtTheServer(scene, 'BODY'),
};

/** The server has the whole message and has written it down, its 250 has not left. */
export const afterTheDot: Point = {
  about: 'after the dot, before 250',
  must: { held_at: 'DOT' },
  run: (scene) => killAtTheServer(scene, 'DOT'),
};

/** Who took over from one that was killed is killed too, while it settles what became of those in hand. */
export const inSettling: Point = {
  about: 'while settling what another left',
  must: {},
  async run(scene) {
    const before = await killAtTheServer(scene, 'DOT');
    const gate = await closeGate(
      scene.ledger,
      "before update on batches for each row when (old.marked <> '{}' and new.marked = '{}' and new.state = 'leased')",
    );
    const sender = scene.start();
    await gate.reached();
    const { held } = await scene.kill(sender);
    await gate.clear();
    return { ...before, batches_held_again: held.length };
  },
};

/** The program's own worker was asked to stop and waits for the last answer. */
export const inASigterm: Point = {
  about: 'in a SIGTERM',
  must: { still_draining: true },
  async run(scene) {
    await scene.newsroom.press();
    await hold(scene, 'DOT');
    const worker = command(scene, ['worker']);
    const ended = once(worker, 'exit');
    await scene.server.held();
    worker.kill('SIGTERM');
    await wait(300);
    const still_draining = worker.exitCode === null && worker.signalCode === null;
    worker.kill('SIGKILL');
    await ended;
    scene.killed.push({ at: performance.timeOrigin + performance.now(), held: [] });
    scene.server.release();
    return { still_draining };
  },
};

async function killInTheLedger(scene: Scene, event: string): Promise<Record<string, unknown>> {
  await scene.newsroom.press();
  await scene.server.play([]);
  const gate = await closeGate(scene.ledger, event);
  const sender = scene.start();
  await gate.reached();
  const { held } = await scene.kill(sender);
  const { dots } = await scene.server.count();
  await gate.clear();
  return { batches_held: held.length, messages_at_the_server: dots };
}

async function killAtTheServer(scene: Scene, verb: Verb): Promise<Record<string, unknown>> {
  await scene.newsroom.press();
  await hold(scene, verb);
  const sender = scene.start();
  const { delivery } = await scene.server.held();
  const { held } = await scene.kill(sender);
  scene.server.release();
  return { held_at: verb, delivery, batches_held: held.length };
}

const hold = (scene: Scene, verb: Verb) =>
  scene.server.play([{ verb, fault: 'hold', from: scene.place.random.between(1, 200), times: 1 }]);
