import { type Plan, rehearse } from '../../../src/rehearsal/rehearse.ts';
import { listWakes } from '../../../src/rehearsal/wakes.ts';
import type { Days } from '../reader-model/days.ts';
import type { Life, Story } from '../reader-model/life.ts';
import { live } from '../reader-model/live.ts';
import type { Terms } from '../reader-model/reader.ts';
import { actOut, addressOf, type Stage } from './act-out.ts';
import { compare, type Difference } from './compare.ts';
import { openReadersServer } from './mail-server.ts';
import { readBack, type Told } from './read-back.ts';

/** What is replayed: a rehearsal without its readers, the lives, and the terms of trials over its time. */
export type Replay = Omit<Plan, 'acts' | 'openMail'> & { lives: Life[]; terms: Terms[] };

/** What came of it: `differences` empty is how it must be; the rest counts what was compared. */
export type Replayed = {
  differences: Difference[];
  counts: { readers: number; acts: number; editions: number; letters: number; mails: number };
};

/** The terms of the trial that a rehearsal offers. */
export const OFFERED: Terms[] = [{ from: 0, allowance: 10, cap: 22 }];

/** Runs the lives through the real jobs and through the model, and compares what each tells of every reader. */
export async function replayLives({ lives, terms, ...plan }: Replay): Promise<Replayed> {
  const { db, publication, from, to, wakes = listWakes(publication, from, to) } = plan;
  const server = await openReadersServer();
  const stage: Stage = { publication, server, answers: new Map() };
  const acts = lives.flatMap((life) => actOut(stage, life));
  await rehearse({ ...plan, wakes, acts, openMail: async () => server });
  const told = await readBack(db, publication, wakes.at(-1) as Temporal.Instant);
  const month = { days: daysOf(publication), terms, looks: await listLooks(plan, wakes) };
  const differences = lives.flatMap((life) => {
    const program = storyOf(told, stage, life);
    return [...compare(life, live(month, life), program), ...countMails(stage, life, program)];
  });
  return { differences, counts: count(lives, told, stage) };
}

/** The newsletter's days, as the model takes them. */
export const daysOf = ({
  zone,
  press_time,
  publishing_weekdays,
  dark_dates,
}: Replay['publication']): Days => ({
  zone,
  press: press_time.toString({ smallestUnit: 'minute' }),
  weekdays: publishing_weekdays,
  dark: dark_dates.map(({ dark_on }) => dark_on.toString()),
});

/** When the program looked, and which editions really went to press. */
async function listLooks({ db, publication }: Pick<Plan, 'db' | 'publication'>, wakes: Temporal.Instant[]) {
  const editions = await db
    .selectFrom('editions')
    .select(['edition_on', 'pressed_at'])
    .where('publication_id', '=', publication.id)
    .where('pressed_at', 'is not', null)
    .execute();
  const pressed = new Map(
    editions.map(({ edition_on, pressed_at }) => [pressed_at?.epochMilliseconds, edition_on.toString()]),
  );
  return wakes.map(({ epochMilliseconds: at }) => {
    const date = pressed.get(at);
    return date === undefined ? { at } : { at, pressed: date };
  });
}

const storyOf = (told: Told, { answers }: Stage, life: Life): Story => ({
  answers: answers.get(life.name) ?? [],
  ...(told.get(addressOf(life)) ?? { editions: [], letters: [], trial: null }),
});

/** What the readers' mail server took is what the ledger calls accepted. */
function countMails({ server }: Stage, life: Life, { editions, letters }: Story): Difference[] {
  const accepted = [...editions, ...letters].filter(
    ({ word }) => word === 'accepted' || word === 'gone',
  ).length;
  const taken = server.taken.get(addressOf(life)) ?? 0;
  return taken === accepted
    ? []
    : [{ life, of: 'mails', model: `${taken} taken by the server`, program: `${accepted} accepted` }];
}

function count(lives: Life[], told: Told, { server }: Stage): Replayed['counts'] {
  const sum = (of: (life: Life) => number) => lives.reduce((total, life) => total + of(life), 0);
  return {
    readers: lives.length,
    acts: sum(({ acts }) => acts.length),
    editions: sum((life) => told.get(addressOf(life))?.editions.length ?? 0),
    letters: sum((life) => told.get(addressOf(life))?.letters.length ?? 0),
    mails: sum((life) => server.taken.get(addressOf(life)) ?? 0),
  };
}
