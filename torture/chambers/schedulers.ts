import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../src/db/connect.ts';
import { cutoffAt, localDate, pressAt } from '../../src/publications/calendar.ts';
import type { Publication } from '../../src/publications/publication.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import type { Minute, Schedule } from '../machine/scheduler.ts';
import type { Random } from '../random.ts';
import { type Chamber, type Result, resultOf, type Wish } from './chamber.ts';

const PROGRAM = join(import.meta.dirname, '../machine/scheduler.ts');
const SCHEDULERS = 8;
const READERS = 25;
const STORIES_A_DAY = 6;

/** Eight schedulers at once through every minute of a week: one edition a day, once for each reader. */
export const schedulers: Chamber = {
  about: 'runs eight schedulers at once',
  run: (place, wish) => liveThrough(place, wish, { minutes: wish.days * 24 * 60, editions: wish.days }),
};

/** As the chamber, from `lead_minutes` before an edition's cutoff on for so many minutes, in which so many editions are due. */
export async function liveThrough(
  place: Place,
  { policy }: Pick<Wish, 'policy'>,
  { minutes, editions, lead_minutes = 30 }: { minutes: number; editions: number; lead_minutes?: number },
): Promise<Result> {
  const scene = await openScene(place, { readers: READERS, policy });
  const { publication } = scene.newsroom;
  const first = localDate(publication, Temporal.Now.instant()).add({ days: 1 });
  for (let day = 0; day < editions; day++)
    await seedStories(scene.db, publication, first.add({ days: day }), place.random);
  const from = cutoffAt(publication, first).subtract({ minutes: lead_minutes });
  await runSchedulers(scene, from, minutes);

  const made = await scene.db.selectFrom('editions').select(['edition_on', 'state', 'reason']).execute();
  const dates = new Set(made.map(({ edition_on }) => String(edition_on)));
  const pressed = made.filter(({ state }) => state === 'pressed').length;
  const findings = await scene.judge({ clock_moved: true });
  const right =
    made.length === editions &&
    dates.size === editions &&
    pressed === editions &&
    findings.accepted === editions * READERS;
  const measured = {
    schedulers: { at_once: SCHEDULERS, minutes, editions: made.length, pressed, accepted: findings.accepted },
  };
  return resultOf(findings, {
    measured,
    wrong: right ? [] : [`${editions} editions wanted: ${JSON.stringify(measured)}`],
  });
}

/** A minute at a time, so that their clocks are as close as those of real machines. */
async function runSchedulers(scene: Scene, from: Temporal.Instant, minutes: number): Promise<void> {
  const children = Array.from({ length: SCHEDULERS }, () => startScheduler(scene));
  for (let minute = 0; minute < minutes; minute++) {
    const at = String(from.add({ minutes: minute }));
    if (minute % 1440 === 0) scene.place.say(`eight schedulers at ${at}`);
    await Promise.all(children.map((child) => live(child, { at })));
  }
  await Promise.all(
    children.map((child) => {
      const ended = once(child, 'exit');
      child.disconnect();
      return ended;
    }),
  );
}

function startScheduler({ order, place }: Scene): ChildProcess {
  const schedule: Schedule = { settings: order.settings, seed: place.random.between(1, 2 ** 30) };
  const log = openSync(join(place.folder, 'schedulers.log'), 'a');
  const child = fork(PROGRAM, [JSON.stringify(schedule)], { stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  return child;
}

/** Rejects where it ends instead. */
async function live(child: ChildProcess, minute: Minute): Promise<void> {
  const gone = new AbortController();
  const ended = once(child, 'exit', { signal: gone.signal }).then(
    () => Promise.reject(new Error(`a scheduler ended at ${minute.at}`)),
    () => {},
  );
  const done = once(child, 'message', { signal: gone.signal });
  child.send(minute);
  await Promise.race([done, ended]).finally(() => gone.abort());
}

const SYLLABLES =
  'ba be bo da de do fa fe fo ka ke ko la le lo ma me mo na ne no ra re ro sa se so ta te to va ve vo'.split(
    ' ',
  );

/** A word that hardly any other story has: of the same few words, all would be one story. */
const inventWord = (random: Random): string =>
  Array.from({ length: 4 }, () => SYLLABLES[random.between(0, SYLLABLES.length - 1)]).join('');

/** Stories of the day before `date`'s edition, told apart by words of their own. */
async function seedStories(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  random: Random,
): Promise<void> {
  const at = pressAt(publication, date).subtract({ hours: 4 });
  const word = () => inventWord(random);
  for (let story = 0; story < STORIES_A_DAY; story++) {
    const url = `https://dome.test/${date}-${story}`;
    await db
      .insertInto('articles')
      .values({
        publication_id: publication.id,
        story_key: url,
        url,
        headline: `${word()} ${word()} and ${word()} ${word()} number ${date.day}${story}`,
        summary: Array.from({ length: 30 }, word).join(' '),
        published_at: at,
        first_published_at: at,
        ingested_at: at,
        content_hash: url,
      })
      .execute();
  }
}
