import { once } from 'node:events';
import { createReturnPaths } from '../../../src/deliveries/mail/return-path.ts';
import { takeReturned } from '../../../src/events/take-returned.ts';
import { bounce } from '../../../tests/support/returned.ts';
import { closeGate } from '../../machine/gate.ts';
import type { Scene } from '../../machine/scene.ts';
import { command, type Point } from './point.ts';

/** A bounce is stored, and what follows from it is half written; worked again, the reader is suppressed, once. */
export const inBounceIntake: Point = {
  about: 'in bounce intake',
  must: { after_the_kill: [0, 0], exit: 0, worked_again: [1, 1] },
  async run(scene) {
    await scene.newsroom.press();
    await scene.server.play([]);
    const sender = scene.start();
    while ((await scene.newsroom.open()) > 0) await sender.idle();
    await sender.stop();
    await take(scene);
    const gate = await closeGate(
      scene.ledger,
      `before insert on audit for each row when (new.verb = 'suppress')`,
    );
    const first = command(scene, ['job', 'work-returned']);
    const ended = once(first, 'exit');
    await gate.reached();
    first.kill('SIGKILL');
    await ended;
    scene.killed.push({ at: performance.timeOrigin + performance.now(), held: [] });
    await gate.clear();
    const after_the_kill = await written(scene);
    await scene.db.updateTable('returned').set({ try_at: Temporal.Now.instant() }).execute(); // its time comes
    const [exit] = await once(command(scene, ['job', 'work-returned']), 'exit');
    return { after_the_kill, exit, worked_again: await written(scene) };
  },
};

async function take({ db, order }: Scene): Promise<void> {
  const { run_id, seq, address } = await db
    .selectFrom('audience')
    .select(['run_id', 'seq', 'address'])
    .orderBy('seq')
    .limit(1)
    .executeTakeFirstOrThrow();
  const paths = createReturnPaths([order.settings.SECRET_KEY as string]);
  const sent_to = paths.address({ run_id, seq }, 'dome.test');
  const raw = bounce({ run_id, seq }, [{ to: address }]);
  await takeReturned(
    db,
    { way: 'smtp', form: 'mail', raw, sent_to },
    { now: Temporal.Now.instant(), enqueue: async () => {} },
  );
}

/** How many suppressions and hard bounces are written down. */
async function written({ db }: Scene): Promise<[number, number]> {
  const suppressions = await db.selectFrom('suppressions').select('id').execute();
  const events = await db.selectFrom('events').select('id').where('kind', '=', 'hard_bounce').execute();
  return [suppressions.length, events.length];
}
