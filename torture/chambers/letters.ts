import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { JOBS } from '../../src/cli/with-program.ts';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { type Engine, startEngine } from '../../src/work/engine.ts';
import { loadJobs } from '../../src/work/load-jobs.ts';
import { readLog } from '../checker/read-log.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import { type Chamber, type Result, resultOf, type Wish } from './chamber.ts';
import { command } from './points/point.ts';

const READERS = 60_000;
const LETTERS = 50;
const PAUSE_MS = 300;
/** Messages of the edition at the server before the first letter is asked for. */
const UNDER_WAY = 5000;
const LATEST_MS = 1000;
/** For the last of them to arrive. */
const PATIENCE_MS = 5000;

/** Readers sign up while an edition goes out: the letter that confirms it is at the mail server within a second. */
export const letters: Chamber = {
  about: 'asks for letters while an edition goes out',
  run: overtake,
};

async function overtake(place: Place, { policy }: Wish): Promise<Result> {
  const scene = await openScene(place, { readers: READERS, policy });
  const jobs = await loadJobs(JOBS);
  const engine = await startEngine(scene.ledger, jobs, silentLog());
  await scene.newsroom.press();
  const worker = command(scene, ['worker']);
  const ended = once(worker, 'exit');
  const asked = new Map<string, number>();
  let open: number;
  try {
    while ((await scene.server.count()).dots < UNDER_WAY) await wait(20);
    for (let letter = 1; letter <= LETTERS; letter++) {
      asked.set(...(await signUp(scene, engine, `new${letter}@reader.test`)));
      await wait(PAUSE_MS);
    }
    await wait(PATIENCE_MS);
    open = await scene.newsroom.open();
  } finally {
    worker.kill('SIGTERM');
    await ended;
    await engine.stop();
  }
  await scene.finish();
  const took = await readTimes(scene.server.log, asked);
  const findings = await scene.judge();
  return resultOf(findings, {
    measured: { letters: { asked: LETTERS, edition_still_open: open, ...took } },
    wrong: [
      ...(open > 0 ? [] : ['the edition had gone out before the last letter was asked for']),
      ...(took.arrived === LETTERS ? [] : [`${LETTERS} letters wanted, ${took.arrived} arrived`]),
      ...(took.worst_ms <= LATEST_MS ? [] : [`a letter took ${took.worst_ms} ms`]),
    ],
  });
}

/** What the page of the sign-up does; returns the address, and when it was done. */
async function signUp(
  { db, newsroom, order }: Scene,
  engine: Engine,
  address: string,
): Promise<[string, number]> {
  const request = {
    address,
    first_name: null,
    wording_id: 'free-trial-1',
    form_url: 'https://dome.test/',
    ip: null,
    user_agent: null,
  };
  const at = performance.timeOrigin + performance.now();
  await requestTrial(db, newsroom.publication, request, {
    now: systemClock.now(),
    secretKeys: [order.settings.SECRET_KEY as string],
  });
  await engine.enqueue(db, 'send-letters');
  return [address, at];
}

async function readTimes(log: string, asked: Map<string, number>) {
  const times: number[] = [];
  for await (const { to, at } of readLog(log)) {
    const since = asked.get(to);
    if (since !== undefined) times.push(Math.round(at - since));
  }
  times.sort((a, b) => a - b);
  return {
    arrived: times.length,
    median_ms: times[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY,
    worst_ms: times.at(-1) ?? Number.POSITIVE_INFINITY,
  };
}
