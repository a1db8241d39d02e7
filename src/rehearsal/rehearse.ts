import { isBefore, SetClock } from '../clock.ts';
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
import type { Act } from './act.ts';
import { readDay } from './day.ts';
import type { Rehearsal, RehearsedDay } from './report.ts';
import { listDates, listWakes } from './wakes.ts';

/** A mail server at `url`. */
export type MailServer = { url: string; close(): Promise<void> };

/** What is rehearsed: a publication on a scratch database, over local dates, with these acts of its readers, and jobs. */
export type Plan = {
  db: Db;
  url: string;
  publication: Publication;
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  acts: Act[];
  jobs: Map<string, Job<Program>>;
  fetch: (clock: SetClock) => Fetch;
  /** When to wake, oldest first; as `listWakes` says unless given. */
  wakes?: Temporal.Instant[];
  /** Who takes the mail; a mailbox in memory unless given. */
  openMail?: (clock: SetClock) => Promise<MailServer>;
  /** Told of each day as it is done. */
  onDay?: (day: RehearsedDay) => void;
};

/** Not a secret: nothing that a rehearsal signs is ever used. */
const KEY = 'rehearsal'.repeat(4);
const MAILBOX_KEEPS = 200;

/**
 * Runs the real tick and the real jobs on a clock of its own, from the day before `from` to `to`, and hands the mail
 * to its mail server. What comes from outside between two wakes comes before the second. Returns what the books say of
 * each day.
 */
export async function rehearse(plan: Plan): Promise<Rehearsal> {
  const began = performance.now();
  const { wakes = listWakes(plan.publication, plan.from, plan.to) } = plan;
  const clock = new SetClock(wakes[0] as Temporal.Instant);
  const mail = await (plan.openMail?.(clock) ?? openMailbox({ clock, keep: MAILBOX_KEEPS }));
  const inline = createInline(plan.jobs);
  const config = parseConfig({
    DATABASE_URL: plan.url,
    SMTP_URL: mail.url,
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
    profile: 'rehearsal',
  });
  // its mailbox takes everything: nothing is learnt by waiting
  await plan.db.updateTable('publications').set({ ramp_wait_seconds: 0 }).execute();
  const waiting = plan.acts.toSorted((a, b) => Temporal.Instant.compare(b.at, a.at));
  const wake = async (now: Temporal.Instant): Promise<void> => {
    for (let act = waiting.at(-1); act && !isBefore(now, act.at); act = waiting.at(-1)) {
      waiting.pop();
      clock.set(act.at);
      await act.happen(program);
    }
    clock.set(now);
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
    await mail.close();
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
