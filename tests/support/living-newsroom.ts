import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { SetClock } from '../../src/clock.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { silentLog } from '../../src/log.ts';
import { type Mailbox, openMailbox } from '../../src/mailbox/mailbox.ts';
import { closeLanes, createProgram, type Program } from '../../src/program.ts';
import { isPublishingDay } from '../../src/publications/calendar.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { createApp } from '../../src/web/app.ts';
import type { Env, Site } from '../../src/web/site.ts';
import { createInline } from '../../src/work/inline.ts';
import { loadJobs } from '../../src/work/load-jobs.ts';
import { tick } from '../../src/work/tick.ts';
import { MONDAY, seedPublication } from './cast.ts';
import { freshTarget } from './database.ts';
import { seedDraft } from './press-room.ts';

const JOBS = new URL('../../jobs', import.meta.url).pathname;
const KEY = 'a key of the living newsroom of the tests';
/** When a living newsroom wakes: at midnight, at press, for the letters of the morning and of the afternoon. */
const HOURS = [0, 6, 10, 14, 20];

const DRAFTED_DAYS = 40;

/** The whole program on a clock of its own: pages served, mail handed to a real mailbox, jobs run when it wakes. */
export type LivingNewsroom = {
  db: Db;
  clock: SetClock;
  publication: Publication;
  mailbox: Mailbox;
  url: string;
  program: Program;
  /** The site as the pages see it, for a browser without a window. */
  site: Site;
  app: Hono<Env>;
  /** Lets the jobs run that are due now, and what they ask for. */
  wake(): Promise<void>;
  /** Lives on to a local date and hour: an edition each publishing day, and every job at its time. */
  liveUntil(date: string, hour: number): Promise<void>;
};

/** Opens a living newsroom; it is closed when the tests of the file end. `settings` are of the configuration. */
export async function openLivingNewsroom(settings: Record<string, string> = {}): Promise<LivingNewsroom> {
  const db = connect(await freshTarget());
  const clock = new SetClock(MONDAY);
  const mailbox = await openMailbox({ clock });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config: Config = parseConfig({
    DATABASE_URL: 'postgres://localhost/unused',
    SMTP_URL: mailbox.url,
    PUBLIC_URL: url,
    SECRET_KEY: KEY,
    ...settings,
  });
  const jobs = await loadJobs<Program>(JOBS);
  const inline = createInline(jobs);
  const program = createProgram({ config, db, clock, log: silentLog(), enqueue: inline.enqueue });
  const publication = await seedPublication(db);
  await draftAhead(db, publication, clock.now());
  const site: Site = { ...program, mailbox };
  const app = createApp(site);
  server.on('request', getRequestListener(app.fetch));
  after(() => close(server, program, mailbox));

  const wake = async () => {
    await tick(db, jobs, { now: clock.now(), enqueue: inline.enqueue });
    await inline.drain(program);
  };
  const liveUntil = async (date: string, hour: number) => {
    const until = at(publication, Temporal.PlainDate.from(date), hour);
    for (;;) {
      const next = nextWake(publication, clock.now());
      if (Temporal.Instant.compare(next, until) > 0) break;
      clock.set(next);
      await wake();
    }
    clock.set(until);
    await wake();
  };
  return { db, clock, publication, mailbox, url, program, site, app, wake, liveUntil };
}

/** Drafts the editions of the coming weeks: with no feed to read, none would be composed. */
async function draftAhead(db: Db, publication: Publication, now: Temporal.Instant): Promise<void> {
  const today = now.toZonedDateTimeISO(publication.zone).toPlainDate();
  for (let ahead = 0; ahead < DRAFTED_DAYS; ahead++) {
    const date = today.add({ days: ahead });
    if (isPublishingDay(publication, date)) await seedDraft(db, publication, date.toString());
  }
}

const at = ({ zone }: Publication, date: Temporal.PlainDate, hour: number): Temporal.Instant =>
  date.toZonedDateTime({ timeZone: zone, plainTime: { hour } }).toInstant();

function nextWake(publication: Publication, now: Temporal.Instant): Temporal.Instant {
  const today = now.toZonedDateTimeISO(publication.zone).toPlainDate();
  const wakes = [today, today.add({ days: 1 })].flatMap((date) =>
    HOURS.map((hour) => at(publication, date, hour)),
  );
  return wakes.find((wake) => Temporal.Instant.compare(wake, now) > 0) as Temporal.Instant;
}

async function close(server: Server, program: Program, mailbox: Mailbox): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await closeLanes(program);
  await mailbox.close();
  await program.db.destroy();
}
