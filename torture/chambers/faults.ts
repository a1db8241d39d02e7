import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Ledger } from '../checker/check.ts';
import { extensions } from '../machine/mail-server.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import type { Sender } from '../machine/sender.ts';
import { type Chamber, joined, type Manner, type Result, resultOf, type Wish } from './chamber.ts';
import { secrecy } from './faults/secrecy.ts';
import { type Row, rightStates, TABLE } from './faults/table.ts';

/** Scaled down, and long enough for a machine that does other things too. */
const LIMITS = { connect_ms: 1500, greeting_ms: 1500, silence_ms: 1500, message_ms: 3000 };
const CONNECTIONS = 40;
/** The clock is put forward by this much when nothing is due: what rests, or was put off, falls due. */
const STEP_MS = 5 * 60_000;
const MOST_STEPS = 100;

/** The ways of speaking that the program has. In chunks there is no DATA. */
const MODES = [
  { name: 'plain lane', lane: 'plain', chunking: false },
  { name: 'fast lane, pipelined', lane: 'fast', chunking: false },
  { name: 'fast lane, in chunks', lane: 'fast', chunking: true },
] as const;

/** Every fault of the server at every verb, each on so many messages; a table says which states are right. */
export const faults: Chamber = {
  about: 'breaks the mail server at every verb',
  async run(place, wish) {
    const results: Result[] = [];
    for (const mode of MODES) {
      const result = await breakServer(place, { ...wish, ...mode }, TABLE);
      results.push({ ...result, measured: { [mode.name]: result.measured.faults } });
      place.say(`${mode.name}: ${result.failures.length === 0 ? 'as promised' : result.failures.join('; ')}`);
    }
    return joined([...results, await secrecy(place, wish)]);
  },
};

/** What one fault did: how many readers it struck, their states by it, and how many of them were right. */
export type Struck = { struck: number; right: number; first: Record<string, number>; doubled: number };

/** As the chamber, for some rows of the table: one edition each, in which the fault strikes `wish.messages` readers. */
export async function breakServer(
  place: Place,
  wish: Manner & Pick<Wish, 'messages'>,
  table: Row[],
): Promise<Result> {
  const scene = await openScene(
    place,
    { readers: wish.messages * 2, policy: wish.policy },
    { connections: CONNECTIONS, limits: LIMITS, lane: wish.lane, paced: false },
  );
  scene.server.offer(extensions(wish));
  const sender = scene.start();
  const clock = { offset_ms: 0 };
  const runs: { row: Row; run_id: number; strikes: number }[] = [];
  for (const row of table) {
    if (wish.chunking && row.rule.verb === 'DATA') continue;
    await scene.server.play([row.rule]);
    const run_id = await scene.newsroom.press(Temporal.Now.instant().add({ milliseconds: clock.offset_ms }));
    await untilDone(scene, sender, clock, row.name);
    runs.push({ row, run_id, strikes: (await scene.server.count()).strikes });
  }
  await sender.stop();
  await scene.newsroom.close();
  const findings = await scene.judge({ clock_moved: true });
  const seen: Record<string, Struck> = {};
  const wrong: string[] = [];
  for (const { row, run_id, strikes } of runs) {
    const struck = await look(scene.ledger, row, { run_id, strikes, states: rightStates(row, wish) });
    seen[row.name] = struck;
    if (struck.right < struck.struck) wrong.push(`${row.name}: ${JSON.stringify(struck)}`);
    if (row.before_the_dot && struck.doubled > 0) wrong.push(`${row.name} doubled ${struck.doubled}`);
  }
  return resultOf(findings, { measured: { faults: seen }, wrong });
}

async function untilDone(
  { newsroom }: Scene,
  sender: Sender,
  clock: { offset_ms: number },
  fault: string,
): Promise<void> {
  for (let step = 0; (await newsroom.open()) > 0; step++) {
    if (step > MOST_STEPS)
      throw new Error(`${fault}: an edition is not done after ${MOST_STEPS} steps of the clock`);
    await sender.idle();
    if ((await newsroom.open()) === 0) return;
    clock.offset_ms += STEP_MS;
    sender.setClock(clock.offset_ms);
    await wait(10);
  }
}

/** What may follow a first state. A doubt is sent for once more, beside others: lost again with one of them, it stays one. */
const LAST_WORDS: Record<string, string[]> = {
  accepted: ['accepted'],
  deferred: ['accepted'],
  failed: ['failed'],
  unknown: ['accepted', 'unknown'],
};

/**
 * What came of the strike for those who were struck, and whether their last word is right with it. A reader who was put
 * off with a message lost before theirs was struck when they came again: where no fault of the row puts anybody off, such
 * an outcome is not the strike's.
 */
async function look(
  ledger: Ledger,
  row: Row,
  { run_id, strikes, states }: { run_id: number; strikes: number; states: string[] },
): Promise<Struck> {
  const client = new pg.Client(ledger);
  await client.connect();
  const { rows } = await client.query<{ first: string; last: string; readers: string }>(
    `select f.status as first, l.status as last, count(*) as readers
     from (select distinct on (seq) * from outcomes
         where run_id = $1 and (status <> 'deferred' or $3) and ($2 = false or seq % 2 = 0) order by seq, attempt) f
     join outcomes l on l.run_id = f.run_id and l.seq = f.seq and l.final
     group by 1, 2`,
    [run_id, row.strikes_readers, states.includes('deferred')],
  );
  const copies = await client.query(
    `select coalesce(sum(copies - 1), 0)::int as doubled from (
       select count(*) as copies from seen.messages
       where run_id = $1 and (answer like '2%' or answer = 'none') group by seq) c`,
    [run_id],
  );
  await client.end();
  const isRight = ({ first, last }: { first: string; last: string }) =>
    states.includes(first) && LAST_WORDS[first]?.includes(last) === true;
  const first: Record<string, number> = {};
  for (const one of rows) first[one.first] = (first[one.first] ?? 0) + Number(one.readers);
  return {
    struck: row.strikes_readers ? strikes : rows.reduce((sum, { readers }) => sum + Number(readers), 0),
    right: rows.filter(isRight).reduce((sum, { readers }) => sum + Number(readers), 0),
    first,
    doubled: copies.rows[0].doubled,
  };
}
