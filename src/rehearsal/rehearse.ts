import { SetClock } from '../clock.ts';
import { parseConfig } from '../config.ts';
import type { Db } from '../db/connect.ts';
import type { Fetch } from '../feeds/fetch.ts';
import { silentLog } from '../log.ts';
import { openMailbox } from '../mailbox/mailbox.ts';
import { closeLanes, createProgram, type Program } from '../program.ts';
import { localDate } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { createInline } from '../work/inline.ts';
import type { Job } from '../work/job.ts';
import { tick } from '../work/tick.ts';
import { readDay } from './day.ts';
import type { RehearsedReader } from './plan-readers.ts';
import { letArrive } from './readers.ts';
import type { Rehearsal, RehearsedDay } from './report.ts';
import { listDates, listWakes } from './wakes.ts';

/** What is rehearsed: a publication on a scratch database, over local dates, with these readers and jobs. */
export type Plan = {
  db: Db;
  url: string;
  publication: Publication;
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  readers: RehearsedReader[];
  jobs: Map<string, Job<Program>>;
  fetch: (clock: SetClock) => Fetch;
  /** Told of each day as it is done. */
  onDay?: (day: RehearsedDay) => void;
};

/** Not a secret: nothing that a rehearsal signs is ever used. */
const KEY = 'rehearsal'.repeat(4);
const MAILBOX_KEEPS = 200;

/**
 * Runs the real tick and the real jobs on a clock of its own, from the day before `from` to `to`, and hands the mail
 * to a mailbox in memory. Returns what the books say of each day.
 */
export async function rehearse(plan: Plan): Promise<Rehearsal> {
  const began = performance.now();
  const wakes = listWakes(plan.publication, plan.from, plan.to);
  const clock = new SetClock(wakes[0] as Temporal.Instant);
  const mailbox = await openMailbox({ clock, keep: MAILBOX_KEEPS });
  const inline = createInline(plan.jobs);
  const config = parseConfig({
    DATABASE_URL: plan.url,
    SMTP_URL: mailbox.url,
    PUBLIC_URL: plan.publication.site_url,
    SECRET_KEY: KEY,
  });
  const program = createProgram({
    config,
    db: plan.db,
    clock,
    log: silentLog(),
    enqueue: inline.enqueue,
    fetch: plan.fetch(clock),
  });
  const waiting = [...plan.readers];
  const wake = async (now: Temporal.Instant): Promise<void> => {
    clock.set(now);
    for (const reader of takeArrivals(waiting, now)) {
      await letArrive(plan.db, plan.publication, reader, {
        now: reader.arrives_at ?? now,
        secretKeys: config.SECRET_KEY,
      });
    }
    await tick(plan.db, plan.jobs, { now, enqueue: inline.enqueue });
    await inline.drain(program);
  };
  try {
    const days = await runDays(plan, wakes, wake);
    const seconds = (performance.now() - began) / 1000;
    return {
      days,
      seconds: Math.round(seconds * 10) / 10,
      peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await closeLanes(program);
    await mailbox.close();
  }
}

async function runDays(
  plan: Plan,
  wakes: Temporal.Instant[],
  wake: (now: Temporal.Instant) => Promise<void>,
): Promise<RehearsedDay[]> {
  const days: RehearsedDay[] = [];
  const byDate = Map.groupBy(wakes, (at) => localDate(plan.publication, at).toString());
  for (const date of listDates(plan.from.subtract({ days: 1 }), plan.to)) {
    const began = performance.now();
    for (const now of byDate.get(date.toString()) ?? []) await wake(now);
    if (Temporal.PlainDate.compare(date, plan.from) < 0) continue;
    const seconds = Math.round(performance.now() - began) / 1000;
    const day = { ...(await readDay(plan.db, plan.publication, date)), seconds };
    days.push(day);
    plan.onDay?.(day);
  }
  return days;
}

/** Takes out those who have arrived by `now`. */
function takeArrivals(readers: RehearsedReader[], now: Temporal.Instant): RehearsedReader[] {
  const here = readers.filter(
    ({ arrives_at }) => !arrives_at || Temporal.Instant.compare(arrives_at, now) <= 0,
  );
  for (const reader of here) readers.splice(readers.indexOf(reader), 1);
  return here;
}
