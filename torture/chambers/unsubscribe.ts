import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { systemClock } from '../../src/clock.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { checkUnsubscribes, watchMarks } from '../checker/unsubscribes.ts';
import { type Cluster, startCluster } from '../machine/cluster.ts';
import { openPlace, type Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import { type Chamber, type Result, resultOf, type Wish } from './chamber.ts';

const READERS = 100_000;
/** How far ahead of those who are marked a reader leaves, in half of the tries: where it is tight. */
const TIGHT = 300;
/** Between two tries: they are spread over the edition. */
const PAUSE_MS = 15;

/** Readers leave in the middle of a large edition: whom no mark covered gets nothing. */
export const unsubscribe: Chamber = {
  about: 'lets readers leave while their edition goes out',
  run: (place, wish) => leaveUnderWay(place, wish, { readers: READERS }),
};

/** As the chamber, with an edition of so many readers. */
export async function leaveUnderWay(
  place: Place,
  wish: Pick<Wish, 'tries' | 'policy' | 'connections'>,
  { readers }: { readers: number },
): Promise<Result> {
  const folder = join(place.folder, 'unsubscribe');
  const cluster = await startCluster(folder);
  await keepCommitTimes(cluster);
  const own = openPlace(cluster.server, { ...place, folder });
  try {
    const scene = await openScene(own, { readers, policy: wish.policy }, { connections: wish.connections });
    await watchMarks(scene.ledger);
    await scene.newsroom.press();
    const sender = scene.start();
    await sender.working;
    let tried = 0;
    while (tried < wish.tries) {
      if (await leaveOne(scene)) tried++;
      else if ((await scene.newsroom.open()) === 0) await scene.newsroom.press();
      await wait(PAUSE_MS);
    }
    await sender.stop();
    await scene.finish();
    const findings = await scene.judge();
    const left = await checkUnsubscribes(scene.ledger);
    const wrong =
      left.sent_all_the_same > 0
        ? [`${left.sent_all_the_same} of those who had left in time got a message`]
        : [];
    return resultOf(findings, { measured: { unsubscribes: left }, wrong });
  } finally {
    await own.close();
    await cluster.close();
  }
}

/** Lets one reader leave who is still to be served: close before the marks, or anywhere in what is left. */
async function leaveOne({ db, newsroom, place }: Scene): Promise<boolean> {
  const tight = place.random.next() < 0.5;
  const { rows } = await sql<{ subscriber_id: number }>`
    select a.subscriber_id from batches b
    join lateral (select coalesce(max(m), b.lo - 1) as last from unnest(b.marked) m) k on true
    join audience a on a.run_id = b.run_id and a.decision = 'send'
      and a.seq between k.last + 1 and case when ${tight} then least(k.last + ${TIGHT}, b.hi) else b.hi end
    where b.state = ${tight ? 'leased' : 'ready'}
      and not exists (select from holds h where h.subscriber_id = a.subscriber_id)
    order by b.no, a.seq
    offset ${place.random.between(0, tight ? TIGHT - 1 : 5000)} limit 1`.execute(db);
  const [reader] = rows;
  if (!reader) return false;
  await leave(db, reader.subscriber_id, newsroom.publication.id, {
    now: systemClock.now(),
    how: 'one_click',
  });
  return true;
}

async function keepCommitTimes(cluster: Cluster): Promise<void> {
  const client = new pg.Client({ ...cluster.server, database: 'postgres' });
  await client.connect();
  await client.query('alter system set track_commit_timestamp = on');
  await client.end();
  await cluster.down('fast');
  await cluster.up();
}
