import { JOBS } from '../../src/cli/with-program.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { openArchive } from '../../src/feeds/archive.ts';
import type { Program } from '../../src/program.ts';
import { setUpRehearsed } from '../../src/rehearsal/set-up.ts';
import { loadJobs } from '../../src/work/load-jobs.ts';
import { describe } from '../../tests/support/lives/compare.ts';
import { planDrafted } from '../../tests/support/lives/drafted.ts';
import { drawLives } from '../../tests/support/lives/draw.ts';
import { daysOf, OFFERED, type Replay, replayLives } from '../../tests/support/lives/replay-lives.ts';
import type { Place } from '../machine/place.ts';
import type { Chamber, Result, Wish } from './chamber.ts';

/** A month across the change of the clocks, with a day without an edition. */
const [FROM, TO] = [Temporal.PlainDate.from('2023-03-01'), Temporal.PlainDate.from('2023-03-31')];
const DARK = [Temporal.PlainDate.from('2023-03-17')];
const ZONE = 'America/New_York';

/** Drawn lives of readers through a rehearsed month, and through a model of the rules: each reader's story must be the same. */
export const lives: Chamber = {
  about: 'lives readers through a month, and compares what became of each with a model of the rules',
  async run(place: Place, { lives: count, feeds }: Wish): Promise<Result> {
    const began = performance.now();
    const db = connect(await place.newLedger());
    try {
      const plan = await (feeds === undefined
        ? planDrafted(db, { from: FROM, to: TO, dark: DARK })
        : planArchive(db, feeds));
      const seed = place.random.between(0, 2 ** 31 - 1);
      const drawn = drawLives(daysOf(plan.publication), { count, seed, from: String(FROM), to: String(TO) });
      const { differences, counts } = await replayLives({
        ...plan,
        lives: drawn,
        terms: OFFERED,
        onDay: ({ date, status, accepted }) => place.say(`${date} ${status}, ${accepted} accepted`),
      });
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      const measured = { lives: { ...counts, differences: differences.length, seconds } };
      return { kills: 0, findings: [], measured, failures: differences.map(describe) };
    } finally {
      await db.destroy();
    }
  },
};

/** The month as archived feeds tell it. */
async function planArchive(db: Db, folder: string): Promise<Omit<Replay, 'lives' | 'terms'>> {
  const archive = openArchive(folder);
  const publication = await setUpRehearsed(
    db,
    {
      zone: ZONE,
      press_time: Temporal.PlainTime.from('06:00'),
      publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
      dark: DARK,
      feeds: archive.feeds,
    },
    { now: FROM.subtract({ days: 1 }).toZonedDateTime(ZONE).toInstant() },
  );
  return {
    ...{ db, publication, from: FROM, to: TO },
    url: 'postgres://localhost/unused',
    jobs: await loadJobs<Program>(JOBS),
    fetch: (clock) => archive.fetch(() => clock.now()),
  };
}
