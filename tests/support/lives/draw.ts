import { seeded } from '../../../src/rehearsal/seeded.ts';
import { type Days, dateOf, daysAfter, HOUR, momentOf } from '../reader-model/days.ts';
import type { Life, LifeAct } from '../reader-model/life.ts';

/** How many lives, from which seed, over which local dates. */
export type Drawing = { count: number; seed: number; from: string; to: string };

const MINUTE = 60_000;
/** The program looks at every half hour: nothing falls on one, so that it is never in question which came first. */
const LOOKS_EVERY = 30 * MINUTE;

/** Draws the lives of readers: the same from the same seed. */
export function drawLives(days: Days, { count, seed, from, to }: Drawing): Life[] {
  const random = seeded(seed);
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const [begins, ends] = [momentOf(days, from), momentOf(days, daysAfter(to, 1))];
  const dice: Dice = { between, chance: (percent) => random() * 100 < percent, days };
  return Array.from({ length: count }, (_, index) => {
    const starts = begins + between(0, Math.floor(((ends - begins) * 0.7) / MINUTE)) * MINUTE;
    const acts = drawActs(dice, starts, ends)
      .map((act) => ({ ...act, at: offTheLook(act.at) }))
      .sort((a, b) => a.at - b.at)
      .reduce<LifeAct[]>(oneAtATime, [])
      .filter(({ at }) => at < ends);
    return { name: `reader-${String(index + 1).padStart(4, '0')}`, acts };
  });
}

type Dice = { between(least: number, most: number): number; chance(percent: number): boolean; days: Days };

const offTheLook = (at: number): number => {
  const minute = Math.floor(at / MINUTE) * MINUTE;
  return minute % LOOKS_EVERY === 0 ? minute + MINUTE : minute;
};

/** No two acts of a reader at once: it would be in question which came first. */
function oneAtATime(before: LifeAct[], act: LifeAct): LifeAct[] {
  const last = before.at(-1)?.at ?? 0;
  return [...before, act.at > last ? act : { ...act, at: offTheLook(last + MINUTE) }];
}

function drawActs(dice: Dice, starts: number, ends: number): LifeAct[] {
  const acts = dice.chance(12) ? [payment(dice, starts)] : beginning(dice, starts);
  let at = starts;
  for (let more = dice.between(0, 6); more > 0; more--) {
    at +=
      dice.between(1, Math.max(2, Math.floor((ends - at) / HOUR / (more + 1)) * 2)) *
      dice.between(20, 60) *
      MINUTE;
    acts.push(...episode(dice, at));
  }
  return acts;
}

/** A request, mostly confirmed soon, sometimes late, too late or never, and sometimes made twice. */
function beginning({ between, chance }: Dice, at: number): LifeAct[] {
  const request = { do: 'request' } as const;
  const confirm = { do: 'confirm', marketing: chance(50) } as const;
  const acts: LifeAct[] = [{ ...request, at }];
  if (chance(8)) acts.push({ ...request, at: at + between(1, 100 * 60) * MINUTE });
  if (chance(85)) acts.push({ ...confirm, at: at + between(1, 5 * 60) * MINUTE });
  else if (chance(75)) acts.push({ ...confirm, at: at + between(5, 80) * HOUR + between(0, 59) * MINUTE });
  return acts;
}

const payment = ({ between, chance }: Dice, at: number): LifeAct =>
  chance(60) ? { do: 'pay', at } : { do: 'pay', at, days: between(2, 25) };

type Episode = (dice: Dice, at: number) => LifeAct[];

/** What happens to readers, each with how often of a hundred, and with what mostly follows. Not all of it is lawful when it comes. */
const EPISODES: [weight: number, Episode][] = [
  [
    22,
    (dice, at) => {
      const acts: LifeAct[] = [pausing(dice, at)];
      if (dice.chance(15)) acts.push(pausing(dice, at + dice.between(1, 48 * 60) * MINUTE));
      if (dice.chance(40)) acts.push({ do: 'resume', at: at + dice.between(1, 6 * 24 * 60) * MINUTE });
      return acts;
    },
  ],
  [
    12,
    ({ between, chance }, at) => [
      { do: 'leave', at },
      ...(chance(55) ? [{ do: 'rejoin', at: at + between(10, 8 * 24 * 60) * MINUTE } as const] : []),
    ],
  ],
  [
    12,
    ({ between, chance }, at) => {
      const acts: LifeAct[] = [{ do: 'mailbox dies', at }];
      if (!chance(65)) return acts;
      const works = at + between(1, 6 * 24) * HOUR;
      acts.push({ do: 'mailbox works', at: works });
      if (chance(80)) acts.push({ do: 'release', at: works + between(1, 40) * HOUR });
      return acts;
    },
  ],
  [
    12,
    ({ between, chance, days }, at) => [
      { do: 'comes back', at, edition: daysAfter(dateOf(days, at), -between(0, 4)) },
      ...(chance(60) ? [{ do: 'release', at: at + between(1, 5 * 24) * HOUR } as const] : []),
    ],
  ],
  [9, (dice, at) => [payment(dice, at)]],
  [
    10,
    ({ between, chance }, at) => [
      { do: 'extend', at, editions: chance(95) ? between(1, 8) : between(9, 22) },
    ],
  ],
  [7, ({ between }, at) => [{ do: 'reopen', at, editions: between(0, 4) }]],
  [5, ({ between }, at) => [{ do: 'grace', at, editions: between(1, 4) }]],
  [8, (_, at) => [{ do: 'ask for more', at }]],
  [2, (_, at) => [{ do: 'request', at }]],
  [
    1,
    ({ between, chance, days }, at) => [
      { do: 'complain', at, edition: daysAfter(dateOf(days, at), -between(0, 1)) },
      ...(chance(50) ? [{ do: 'rejoin', at: at + between(1, 5 * 24) * HOUR } as const] : []),
    ],
  ],
];

function episode(dice: Dice, at: number): LifeAct[] {
  const all = EPISODES.flatMap(([weight, one]) => Array.from({ length: weight }, () => one));
  return (all[dice.between(0, all.length - 1)] as Episode)(dice, at);
}

/** Mostly for some days, sometimes out of reach. */
const pausing = ({ between, chance, days }: Dice, at: number): LifeAct => ({
  do: 'pause',
  at,
  until: daysAfter(dateOf(days, at), chance(94) ? between(1, 11) : between(-1, 33)),
});
