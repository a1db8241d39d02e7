import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { ruleDomain } from '../../src/trials/sign-up/domains/rule-domain.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { PUBLIC_URL } from '../../tests/support/press-room.ts';
import { signUpForm } from '../../tests/support/sign-up.ts';
import { auc } from '../checker/auc.ts';
import { readLog } from '../checker/read-log.ts';
import { openPages, type Pages } from '../machine/pages.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import { type Chamber, type Result, resultOf, type Wish } from './chamber.ts';

const FORMS = 10_000;
const STRANGERS = 1000;
const NETWORKS = 100;
const AT_ONCE = 16;
const TRIES = 2000;
const WARM_UP = 200;
const INDISTINCT = { least: 0.45, most: 0.55 };
/** A reader's letter is promised within a minute. */
const LATEST_MS = 60_000;
const SIGN_UP = '/dome-daily/trial';

/** Sign-ups by the ten thousand, and whether the time of an answer tells who is known. */
export const signUps: Chamber = {
  about: 'floods the sign-up, and tries to tell by the time of an answer who is known',
  run: flood,
};

async function flood(place: Place, { policy }: Wish): Promise<Result> {
  const scene = await openScene(place, { readers: 1, policy });
  // strangers of free mail, as it were: else the limit of an organisation would keep most of them out
  const ruling = { now: systemClock.now(), actor: 'torture', reason: 'strangers' };
  await ruleDomain(scene.db, { domain: 'reader.test', rule: 'shared' }, ruling);
  const known = await makeKnown(scene, TRIES / 2);
  const pages = await openPages(scene);
  try {
    place.say(`${TRIES} tries, known and unknown addresses mixed`);
    const times = await timeAnswers(scene, pages, known);
    await settle(scene); // else a reader would stand behind the letters of the tries
    place.say(`${FORMS} forms for ${STRANGERS} strangers from ${NETWORKS} networks`);
    const flooded = await floodWith(scene, pages);
    await settle(scene);
    await pages.close();
    await scene.finish();
    const strangers = await mailsTo(scene, (to) => to.startsWith('stranger'));
    const asked = await mailsTo(scene, (to) => to.startsWith('unknown'));
    const measured = {
      sign_ups: { ...times, ...flooded, strangers_mailed: strangers.size, most_to_one: most(strangers) },
    };
    const wrong = [
      ...(Math.max(most(strangers), most(asked)) <= 1 ? [] : [`a stranger got ${most(strangers)} mails`]),
      ...(strangers.size > 0 ? [] : ['no stranger got any mail: nothing was tried']),
      ...(flooded.real_reader_ms <= LATEST_MS ? [] : [`a real reader waited ${flooded.real_reader_ms} ms`]),
      ...(flooded.confirmed === 'scheduled' ? [] : [`the real reader's trial is ${flooded.confirmed}`]),
      ...(Object.keys(flooded.answers).every((status) => ['200', '429'].includes(status))
        ? []
        : [`answers were ${JSON.stringify(flooded.answers)}`]),
      ...[times.auc, times.auc_of_the_next]
        .filter((value) => !(value >= INDISTINCT.least && value <= INDISTINCT.most))
        .map((value) => `known addresses can be told by the time: ${value}`),
    ];
    return resultOf(await scene.judge(), { measured, wrong });
  } finally {
    await pages.close();
  }
}

/** Readers who are known, in equal parts: asked and not confirmed, on trial, and gone. */
async function makeKnown({ db, newsroom, order }: Scene, count: number): Promise<string[]> {
  const secretKeys = [order.settings.SECRET_KEY as string];
  const addresses = Array.from({ length: count }, (_, index) => `known${index}@reader.test`);
  for (const [index, address] of addresses.entries()) {
    const now = systemClock.now();
    const asked = await requestTrial(db, newsroom.publication, signUpForm(address), { now, secretKeys });
    if (asked.outcome !== 'requested' || index % 3 === 0) continue;
    const { trial } = await confirmTrial(db, asked.trial_id, { now });
    if (index % 3 === 1) await leave(db, trial.subscriber_id, newsroom.publication.id, { now, how: 'page' });
  }
  return addresses;
}

/** One after the other, each from a network with room; also whether the form that follows tells of the one before it. */
async function timeAnswers({ place }: Scene, { post }: Pages, known: string[]) {
  const tries = [
    ...known.map((address) => ({ address, is_known: true })),
    ...known.map((_, index) => ({ address: `unknown${index}@reader.test`, is_known: false })),
  ];
  const mixed = tries.map((one) => ({ ...one, at: place.random.next() })).sort((a, b) => a.at - b.at);
  const seen: { is_known: boolean; ms: number }[] = [];
  for (let number = 0; number < WARM_UP; number++)
    await post(SIGN_UP, { address: `warm${number}@reader.test` }, network(10, number));
  for (const [number, { address, is_known }] of mixed.entries()) {
    const { status, ms } = await post(SIGN_UP, { address }, network(11, number));
    if (status !== 200) throw new Error(`try ${number} was answered ${status}`);
    seen.push({ is_known, ms });
  }
  const of = (is_known: boolean) => seen.filter((one) => one.is_known === is_known).map(({ ms }) => ms);
  const after = (is_known: boolean) =>
    seen
      .slice(1)
      .filter((_, index) => seen[index]?.is_known === is_known)
      .map(({ ms }) => ms);
  return {
    tries: seen.length,
    auc: rounded(auc(of(true), of(false))),
    auc_of_the_next: rounded(auc(after(true), after(false))),
    median_ms: { known: median(of(true)), unknown: median(of(false)) },
  };
}

/** Five to a network: as many as it may send in an hour. */
const network = (first: number, number: number): string => {
  const group = Math.floor(number / 5);
  return `${first}.0.${group >> 8}.${group & 255}`;
};

/** The flood, with a real reader in the middle of it. */
async function floodWith(scene: Scene, { post }: Pages) {
  const answers: Record<string, number> = {};
  let posted = 0;
  const pour = async (): Promise<void> => {
    for (let number = posted++; number < FORMS; number = posted++) {
      const address = `stranger${scene.place.random.between(1, STRANGERS)}@reader.test`;
      const { status } = await post(SIGN_UP, { address }, `203.0.113.${number % NETWORKS}`);
      answers[status] = (answers[status] ?? 0) + 1;
    }
  };
  const began = performance.now();
  const poured = Promise.all(Array.from({ length: AT_ONCE }, pour)).then(() => performance.now() - began);
  while (posted < FORMS / 4) await wait(20);
  const real = await comeThrough(scene, post);
  const seconds = Math.round((await poured) / 100) / 10;
  return { forms: FORMS, answers, flood_seconds: seconds, ...real };
}

async function comeThrough(scene: Scene, post: Pages['post']) {
  const address = 'real@reader.test';
  const began = performance.now();
  await post(SIGN_UP, { address }, '198.51.100.7');
  while ((await mailsTo(scene, (to) => to === address)).size === 0) {
    if (performance.now() - began > 2 * LATEST_MS) break;
    await wait(100);
  }
  const real_reader_ms = Math.round(performance.now() - began);
  const { db, newsroom, order } = scene;
  const trial = await db
    .selectFrom('trials')
    .innerJoin('subscribers', 'subscribers.id', 'trials.subscriber_id')
    .select('trials.id')
    .where('subscribers.address', '=', address)
    .executeTakeFirstOrThrow();
  const links = createLinks([order.settings.SECRET_KEY as string], PUBLIC_URL);
  const link = links.url({ purpose: 'confirm', subject: trial.id, publication: newsroom.publication.id });
  await post(new URL(link).pathname, {}, '198.51.100.7');
  return { real_reader_ms, confirmed: (await requireTrial(db, trial.id)).state };
}

/** Until every form has been answered and every letter is out. */
async function settle({ db, newsroom }: Scene): Promise<void> {
  for (;;) {
    const [form, letter] = await Promise.all([
      db.selectFrom('sign_ups').select('id').where('try_at', 'is not', null).limit(1).execute(),
      db.selectFrom('letters').select('id').where('claimed_at', 'is', null).limit(1).execute(),
    ]);
    if (form.length + letter.length + (await newsroom.open()) === 0) return;
    await wait(500);
  }
}

/** How many mails arrived at each address that is meant. */
async function mailsTo({ server }: Scene, isMeant: (to: string) => boolean): Promise<Map<string, number>> {
  const mails = new Map<string, number>();
  for await (const { to } of readLog(server.log)) if (isMeant(to)) mails.set(to, (mails.get(to) ?? 0) + 1);
  return mails;
}

const most = (mails: Map<string, number>): number => Math.max(0, ...mails.values());
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const median = (values: number[]): number =>
  rounded(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN);
