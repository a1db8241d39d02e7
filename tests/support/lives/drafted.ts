import { JOBS } from '../../../src/cli/with-program.ts';
import type { Db } from '../../../src/db/connect.ts';
import type { Program } from '../../../src/program.ts';
import { isPublishingDay } from '../../../src/publications/calendar.ts';
import { setUpRehearsed } from '../../../src/rehearsal/set-up.ts';
import { listDates } from '../../../src/rehearsal/wakes.ts';
import { loadJobs } from '../../../src/work/load-jobs.ts';
import { seedDraft } from '../press-room.ts';
import type { Replay } from './replay-lives.ts';

/** All that a reader may feel the work of; none that reads feeds or makes up editions. */
const JOBS_OF_READERS = [
  'press-edition',
  'send-batch',
  'send-letters',
  'send-urgent',
  'resume-paused',
  'stop-trials',
  'judge-failures',
  'work-returned',
  'end-undeliverable',
  'expire-requests',
  'close-runs',
];
/** Local times of a day at which something falls due for a reader. */
const TIMES = ['00:00', '00:30', '06:00', '06:30', '10:00', '14:00', '20:00'];

/** A rehearsal of days whose editions lie ready: without feeds, awake only when something may fall due. */
export async function planDrafted(
  db: Db,
  { from, to, dark }: { from: Temporal.PlainDate; to: Temporal.PlainDate; dark: Temporal.PlainDate[] },
): Promise<Omit<Replay, 'lives' | 'terms'>> {
  const zone = 'America/New_York';
  const days = listDates(from.subtract({ days: 1 }), to);
  const at = (date: Temporal.PlainDate, time: string) =>
    date.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant();
  const publication = await setUpRehearsed(
    db,
    {
      zone,
      dark,
      press_time: Temporal.PlainTime.from('06:00'),
      publishing_weekdays: [1, 2, 3, 4, 5, 7],
      feeds: [],
    },
    { now: at(days[0] as Temporal.PlainDate, '00:00') },
  );
  for (const date of listDates(from, to))
    if (isPublishingDay(publication, date)) await seedDraft(db, publication, date.toString());
  const jobs = await loadJobs<Program>(JOBS);
  return {
    ...{ db, publication, from, to },
    url: 'postgres://localhost/unused',
    jobs: new Map([...jobs].filter(([name]) => JOBS_OF_READERS.includes(name))),
    wakes: days.flatMap((date) => TIMES.map((time) => at(date, time))),
    fetch: () => (url) => Promise.reject(new Error(`a rehearsal of drafts asked for ${url}`)),
  };
}
