import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../../machine/place.ts';
import { openScene, type Scene } from '../../machine/scene.ts';
import type { Order } from '../../machine/worker.ts';
import type { Rule } from '../../server/fault.ts';
import { joined, type Result, resultOf, type Wish } from '../chamber.ts';

const TLS = join(import.meta.dirname, '../../../tests/fixtures/tls');
const ca = readFileSync(join(TLS, 'cert.pem'), 'utf8');
const other_ca = readFileSync(join(TLS, 'other-cert.pem'), 'utf8');
const PLAIN = ['PIPELINING', '8BITMIME', 'DSN'];
const LIMITS = { connect_ms: 3000, greeting_ms: 3000, silence_ms: 3000, message_ms: 6000 };

/** A way in which the server is not who it should be, or does not know us; and what makes it well again. */
type Trouble = {
  name: string;
  offered: string[];
  mended: string[];
  rules: Rule[];
  order: Partial<Order>;
  well: Partial<Order>;
};

const TROUBLES: Trouble[] = [
  {
    name: 'STARTTLS stripped',
    offered: PLAIN,
    mended: [...PLAIN, 'STARTTLS'],
    rules: [],
    order: { ca },
    well: { ca },
  },
  {
    name: 'a certificate that does not match',
    offered: [...PLAIN, 'STARTTLS'],
    mended: [...PLAIN, 'STARTTLS'],
    rules: [],
    order: { ca: other_ca },
    well: { ca },
  },
  {
    name: 'AUTH refused',
    offered: [...PLAIN, 'AUTH PLAIN LOGIN'],
    mended: [...PLAIN, 'AUTH PLAIN LOGIN'],
    rules: [{ verb: 'AUTH', fault: { reply: '535 5.7.8 who are you' } }],
    order: {},
    well: {},
  },
  {
    name: 'refused for policy',
    offered: PLAIN,
    mended: PLAIN,
    rules: [{ verb: 'RCPT', fault: { reply: '550 5.7.1 we do not like your kind' } }],
    order: {},
    well: {},
  },
];

/** Where the server cannot be trusted, or does not trust us, nothing is handed over at all, and nobody is given up. */
export async function secrecy(place: Place, { messages, policy, connections, lane }: Wish): Promise<Result> {
  const results: Result[] = [];
  for (const trouble of TROUBLES) {
    const scene = await openScene(
      place,
      { readers: messages, policy },
      { connections, lane, limits: LIMITS },
    );
    results.push(await suffer(scene, trouble));
  }
  const all = joined(results);
  return { ...all, measured: { refused: all.measured } };
}

async function suffer(scene: Scene, trouble: Trouble): Promise<Result> {
  const url = new URL(scene.server.url);
  url.hostname = 'localhost';
  if (trouble.name.startsWith('AUTH')) Object.assign(url, { username: 'daily', password: 'wrong' });
  const settings = { ...scene.order.settings, SMTP_URL: url.href };
  await scene.newsroom.press();
  scene.server.offer(trouble.offered);
  await scene.server.play(trouble.rules);
  const sender = scene.start({ ...trouble.order, settings });
  await sender.idle();
  await sender.stop();
  const taken = (await scene.server.count()).dots;
  const given_up = await scene.db.selectFrom('outcomes').select('seq').where('final', '=', true).execute();
  scene.server.offer(trouble.mended);
  await scene.server.play([]);
  await scene.db.updateTable('runs').set({ paused_at: null, pause_reason: null }).execute();
  await scene.finish({ ...trouble.well, settings, clock_offset_ms: 3_600_000 });
  const name = { [trouble.name]: { handed_over: taken, given_up: given_up.length } };
  const wrong = taken + given_up.length > 0 ? [`${trouble.name}: ${JSON.stringify(name)}`] : [];
  return resultOf(await scene.judge({ clock_moved: true }), { measured: name, wrong });
}
