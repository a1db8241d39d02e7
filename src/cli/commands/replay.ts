import { invalid } from '../../errors.ts';
import { openArchive } from '../../feeds/archive.ts';
import type { Program } from '../../program.ts';
import { localDate } from '../../publications/calendar.ts';
import { parseWeekdays } from '../../publications/weekdays.ts';
import { copyForRehearsal, letLastWeekStandIn } from '../../rehearsal/copy.ts';
import { planReaders } from '../../rehearsal/plan-readers.ts';
import { arrivals } from '../../rehearsal/readers.ts';
import { type Plan, rehearse } from '../../rehearsal/rehearse.ts';
import { describeDay, describeRehearsal } from '../../rehearsal/report.ts';
import { openScratch, type Scratch } from '../../rehearsal/scratch.ts';
import { setUpRehearsed } from '../../rehearsal/set-up.ts';
import { loadJobs } from '../../work/load-jobs.ts';
import { type Arguments, type Command, JSON_OPTION, PUBLICATION_OPTION, print } from '../command.ts';
import { createProgress } from '../progress.ts';
import { findPublication, parseDate } from '../publication.ts';
import { inSmallHeap } from '../small-heap.ts';
import { JOBS, withProgram } from '../with-program.ts';

const DAYS_AHEAD = 7;

export const replay: Command = inSmallHeap({
  about:
    'Rehearses: archived feeds day by day with --from, or the coming days of the real publication on a copy, no mail leaving.',
  usage:
    '--feeds <folder> --from <date> --to <date> [--zone …] [--press …] [--days …] [--dark …] [--readers …] [--json]',
  options: {
    feeds: { type: 'string', about: 'folder with one folder a feed, one RSS file a day' },
    from: {
      type: 'string',
      about: 'first local date; without it the coming days of the publication are rehearsed',
    },
    to: { type: 'string', about: 'last local date' },
    zone: { type: 'string', about: 'IANA time zone; America/New_York by default' },
    press: { type: 'string', about: 'press time, local; 06:00 by default' },
    days: { type: 'string', about: 'publishing days, such as mon-fri; mon-sun by default' },
    dark: { type: 'string', about: 'dates without an edition, with commas' },
    readers: { type: 'string', about: 'how many readers; 50 by default' },
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: async (args) => {
    if (args.options.from === undefined) refuseArchiveOptions(args);
    const scratch = await openScratch();
    try {
      const plan =
        args.options.from === undefined ? await planAhead(scratch, args) : await planArchive(scratch, args);
      const progress = createProgress(plan.from.until(plan.to).days + 1);
      const rehearsal = await rehearse({ ...plan, onDay: (day) => progress.step(describeDay(day)) });
      progress.end();
      print(args, rehearsal, () => describeRehearsal(rehearsal));
      return 0;
    } finally {
      await scratch.close();
    }
  },
});

async function planArchive({ db, url }: Scratch, { options }: Arguments): Promise<Plan> {
  const { feeds: folder, from: first, to: last = first } = options;
  if (typeof folder !== 'string')
    throw invalid('replay --from needs --feeds, the folder of the archived feeds');
  const [from, to] = [parseDate(String(first), 'from'), parseDate(String(last), 'to')];
  if (Temporal.PlainDate.compare(from, to) > 0) throw invalid(`--from ${from} lies after --to ${to}`);
  const archive = openArchive(folder);
  const zone = requireZone(String(options.zone ?? 'America/New_York'));
  const begins = from.subtract({ days: 1 }).toZonedDateTime(zone).toInstant();
  const publication = await setUpRehearsed(
    db,
    {
      zone,
      press_time: parseTime(String(options.press ?? '06:00')),
      publishing_weekdays: parseWeekdays(String(options.days ?? 'mon-sun')),
      dark: String(options.dark ?? '')
        .split(',')
        .filter(Boolean)
        .map((date) => parseDate(date.trim(), 'dark')),
      feeds: archive.feeds,
    },
    { now: begins },
  );
  const ends = to.add({ days: 1 }).toZonedDateTime(zone).toInstant();
  const readers = planReaders(parseCount(String(options.readers ?? '50')), begins, ends);
  return {
    db,
    url,
    publication,
    from,
    to,
    acts: arrivals(publication, readers, { begins }),
    jobs: await loadJobs<Program>(JOBS),
    fetch: (clock) => archive.fetch(() => clock.now()),
  };
}

const OF_ARCHIVES = ['feeds', 'zone', 'press', 'days', 'dark', 'readers'];

/** A real publication has feeds, a calendar and readers of its own: other ones were meant for an archive. */
function refuseArchiveOptions({ options }: Arguments): void {
  const given = OF_ARCHIVES.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  if (given.length === 0) return;
  throw invalid(
    `${given.join(' and ')} ${given.length > 1 ? 'need' : 'needs'} --from: without it the publication has its own`,
  );
}

/** The coming days of the real publication, on a copy: last week's articles stand in, and its real readers read. */
function planAhead({ db, url }: Scratch, args: Arguments): Promise<Plan> {
  return withProgram(async ({ program, jobs }) => {
    const now = program.clock.now();
    const publication = await findPublication(program.db, args);
    await copyForRehearsal(program.db, db);
    await letLastWeekStandIn(db, publication, { now });
    const from = localDate(publication, now).add({ days: 1 });
    const to = args.options.to
      ? parseDate(String(args.options.to), 'to')
      : from.add({ days: DAYS_AHEAD - 1 });
    if (Temporal.PlainDate.compare(from, to) > 0) throw invalid(`--to ${to} lies before tomorrow, ${from}`);
    return { db, url, publication, from, to, acts: [], jobs, fetch: () => program.fetch };
  });
}

function requireZone(zone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch (cause) {
    throw invalid(`--zone "${zone}" is no time zone; expected such as America/New_York`, cause);
  }
}

function parseTime(text: string): Temporal.PlainTime {
  try {
    return Temporal.PlainTime.from(text);
  } catch (cause) {
    throw invalid(`--press "${text}" is no time of day; expected such as 06:00`, cause);
  }
}

function parseCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw invalid(`--readers "${text}" is no number of readers; expected 0 to 999999`);
}
