import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { createLinks } from '../../../src/subscribers/link.ts';
import { closeGate } from '../../machine/gate.ts';
import type { Scene } from '../../machine/scene.ts';
import { command, type Point } from './point.ts';

const PORT = '4931';
const HERE = `http://127.0.0.1:${PORT}`;

/** A reader's one-click unsubscribe has placed its hold and is not committed; asked for again, it stands and nothing is sent. */
export const inAnUnsubscribe: Point = {
  about: 'in an unsubscribe',
  must: { after_the_kill: 0, status: 200, after_asking_again: 1 },
  async run(scene) {
    const reader = await scene.db
      .selectFrom('subscribers')
      .select('id')
      .orderBy('id')
      .executeTakeFirstOrThrow();
    const gate = await closeGate(
      scene.ledger,
      `before insert on audit for each row when (new.verb = 'leave')`,
    );
    const first = await startWeb(scene);
    const lost = leave(scene, reader.id).catch(() => 'no answer');
    await gate.reached();
    first.kill('SIGKILL');
    scene.killed.push({ at: performance.timeOrigin + performance.now(), held: [] });
    const said = await lost;
    await gate.clear();
    const after_the_kill = await holds(scene, reader.id);
    const second = await startWeb(scene);
    const status = await leave(scene, reader.id);
    second.kill('SIGKILL');
    await scene.newsroom.press();
    return { said, after_the_kill, status, after_asking_again: await holds(scene, reader.id) };
  },
};

async function startWeb(scene: Scene) {
  const web = command(scene, ['web'], { PORT, PUBLIC_URL: HERE });
  const ended = once(web, 'exit').then(() => true);
  for (;;) {
    if (
      await fetch(HERE).then(
        () => true,
        () => false,
      )
    )
      return web;
    if (await Promise.race([ended, wait(50).then(() => false)]))
      throw new Error('the web role did not start');
  }
}

async function leave({ order, newsroom }: Scene, subject: number): Promise<number> {
  const links = createLinks([order.settings.SECRET_KEY as string], HERE);
  const url = links.url({ purpose: 'leave', subject, publication: newsroom.publication.id });
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  return (await fetch(url, { method: 'POST', body })).status;
}

const holds = async ({ db }: Scene, reader: number): Promise<number> =>
  (await db.selectFrom('holds').select('id').where('subscriber_id', '=', reader).execute()).length;
