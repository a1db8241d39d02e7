import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Db } from '../../src/db/connect.ts';
import { cutoffAt, localDate, pressAt } from '../../src/publications/calendar.ts';
import type { Publication } from '../../src/publications/publication.ts';
import type { Place } from '../machine/place.ts';
import { openScene, type Scene } from '../machine/scene.ts';
import type { Schedule, Stretch } from '../machine/scheduler.ts';
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

/** As the chamber, from half an hour before an edition's cutoff on for so many minutes, in which so many editions are due. */
export async function liveThrough(
  place: Place,
  { policy }: Pick<Wish, 'policy'>,
  { minutes, editions }: { minutes: number; editions: number },
): Promise<Result> {
  const scene = await openScene(place, { readers: READERS, policy });
  const { publication } = scene.newsroom;
  const first = localDate(publication, Temporal.Now.instant()).add({ days: 1 });
  for (let day = 0; day < editions; day++)
    await seedStories(scene.db, publication, first.add({ days: day }), place.random);
  const from = cutoffAt(publication, first).subtract({ minutes: 30 });
  await runSchedulers(scene, { from: String(from), minutes });

  const made = await scene.db.selectFrom('editions').select(['edition_on', 'state']).execute();
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

/** An hour at a time, so that they stay beside each other. */
async function runSchedulers(scene: Scene, { from, minutes }: Stretch): Promise<void> {
  const children = Array.from({ length: SCHEDULERS }, () => {
    const order: Schedule = { settings: scene.order.settings, seed: scene.place.random.between(1, 2 ** 30) };
    return fork(PROGRAM, [JSON.stringify(order)]);
  });
  const goOn = async (child: ChildProcess, stretch: Stretch): Promise<void> => {
    const ended = once(child, 'message');
    child.send(stretch);
    await ended;
  };
  for (let at = 0; at < minutes; at += 60) {
    const stretch = {
      from: String(Temporal.Instant.from(from).add({ minutes: at })),
      minutes: Math.min(60, minutes - at),
    };
    await Promise.all(children.map((child) => goOn(child, stretch)));
    if (at % 1440 === 0) scene.place.say(`eight schedulers at ${stretch.from}`);
  }
  await Promise.all(
    children.map((child) => {
      const ended = once(child, 'exit');
      child.disconnect();
      return ended;
    }),
  );
}

const WORDS =
  'harbor ferry budget council bridge tunnel school nurse farmer lake winter court senator mayor festival museum railway orchard storm bakery library theatre river tax union glacier violin airport mill garden'.split(
    ' ',
  );

/** Stories of the day before `date`'s edition, told apart by words of their own. */
async function seedStories(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  random: Random,
): Promise<void> {
  const at = pressAt(publication, date).subtract({ hours: 4 });
  const word = () => WORDS[random.between(0, WORDS.length - 1)];
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
