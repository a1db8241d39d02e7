import { sql } from 'kysely';
import { SetClock } from '../../src/clock.ts';
import type { Db } from '../../src/db/connect.ts';
import type { Lane } from '../../src/deliveries/lanes/lane.ts';
import { createPlainLane } from '../../src/deliveries/lanes/plain-lane.ts';
import { createReturnPaths } from '../../src/deliveries/mail/return-path.ts';
import { createGates } from '../../src/deliveries/pacing/gate.ts';
import { createRelays } from '../../src/deliveries/relays/relays.ts';
import { readSendingSettings, type SendingSettings } from '../../src/deliveries/relays/settings.ts';
import type { Sending } from '../../src/deliveries/sending.ts';
import { createStaff } from '../../src/deliveries/staff/staff.ts';
import { silentLog } from '../../src/log.ts';
import { cutoffAt, pressAt, staleAt } from '../../src/publications/calendar.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import type { Enqueue } from '../../src/work/job.ts';
import { MONDAY, SECRET_KEYS } from './cast.ts';

export const PUBLIC_URL = 'https://news.dome.test';
/** Monday's press: six in the morning in Washington. */
export const PRESS = MONDAY.add({ hours: 1 });

/** Everything a worker sends with, to a server at `smtp_url`, on a clock that stands at Monday's press. */
export function createSending(
  smtp_url: string,
  {
    connections = 2,
    open = () => createPlainLane({ smtp_url, connections, limits: { silence_ms: 2000 } }),
    settings = readSendingSettings({ SMTP_URL: smtp_url, RELAYS_FILE: undefined }),
    ...over
  }: Partial<Sending> & { connections?: number; open?: () => Lane; settings?: SendingSettings } = {},
): Sending & { clock: SetClock } {
  const clock = (over.clock as SetClock | undefined) ?? new SetClock(PRESS);
  const log = silentLog();
  const means = { db: undefined as never, clock, log };
  const lane = createRelays(settings.relays, { ...means, open });
  return {
    lane,
    letter_lane: lane,
    gates: createGates(settings, { clock, steady_ms: () => clock.now().epochMilliseconds }),
    staff: createStaff({ ...means, alarm_url: undefined }),
    log,
    worker: 'worker 1',
    in_hand: new Set(),
    links: createLinks(SECRET_KEYS, PUBLIC_URL),
    return_paths: createReturnPaths(SECRET_KEYS),
    secret_keys: SECRET_KEYS,
    public_url: PUBLIC_URL,
    ...over,
    clock,
  };
}

/** Notes what was asked for: `[job, data]`. */
export function noteJobs(): { enqueue: Enqueue; asked: [string, unknown][] } {
  const asked: [string, unknown][] = [];
  return { asked, enqueue: async (_trx, job, data) => void asked.push([job, data]) };
}

/** A draft of `date` with a lead, two top stories and a brief; returns its id. */
export async function seedDraft(
  db: Db,
  publication: Publication,
  date = '2026-11-23',
  {
    headlines = HEADLINES,
    subject = date === '2026-11-23' ? (HEADLINES[0] as string) : `${HEADLINES[0]} of ${date}`,
    url = STORY,
  }: { headlines?: string[]; subject?: string; url?: string } = {},
): Promise<number> {
  const edition_on = Temporal.PlainDate.from(date);
  const press_at = pressAt(publication, edition_on);
  const { id } = await db
    .insertInto('editions')
    .values({
      publication_id: publication.id,
      edition_on,
      state: 'draft',
      layout: 'full',
      number: edition_on.dayOfYear,
      subject,
      preheader: 'The second story of the day, and then the third, told in a line.',
      cutoff_at: cutoffAt(publication, edition_on),
      press_at,
      stale_at: staleAt(publication, edition_on),
      composed_at: cutoffAt(publication, edition_on),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const places = ['lead', 'top', 'top', 'brief'] as const;
  for (const [position, headline] of headlines.entries()) {
    const article_id = await seedArticle(db, publication, {
      headline,
      url: `${url}${id}-${position}`,
      at: press_at,
    });
    await db
      .insertInto('edition_items')
      .values({ edition_id: id, article_id, place: places[position] ?? 'brief', position, base_rev: 1 })
      .execute();
  }
  return id;
}

const STORY = 'https://dome.test/story-';
const HEADLINES = [
  'Stopgap bill slips to Thursday',
  'Harbor board picks a new chair',
  'A quiet vote on the ferry budget',
  'Library hours to stay as they are',
];
const SUMMARY =
  'Members went home without a vote, and leaders said that the count would be taken up again on Thursday morning, when those who were away are expected to be back in their seats.';

async function seedArticle(
  db: Db,
  publication: Publication,
  { headline, url, at }: { headline: string; url: string; at: Temporal.Instant },
): Promise<number> {
  const published_at = at.subtract({ hours: 3 });
  const { id } = await db
    .insertInto('articles')
    .values({
      publication_id: publication.id,
      story_key: url,
      url,
      headline,
      byline: 'Marian Holloway',
      summary: SUMMARY,
      published_at,
      first_published_at: published_at,
      ingested_at: published_at,
      content_hash: url,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** So many readers who pay, `r1@reader.test` and on, set down at once; they read since the day before `since`. */
export async function seedReaders(
  db: Db,
  publication: Publication,
  count: number,
  since = MONDAY,
): Promise<void> {
  await sql`
    with added as (
      insert into subscribers (address, address_key, first_name, created_at, confirmed_at)
      select 'r' || n || '@reader.test', 'reader ' || n, 'Reader ' || n, ${since}, ${since}
      from generate_series(1, ${count}::int) n
      returning id
    )
    insert into grants (subscriber_id, publication_id, source, source_id, starts_at)
    select id, ${publication.id}, 'paid', 'reader ' || id, ${since}::timestamptz - interval '1 day' from added`.execute(
    db,
  );
}

/** The last words of a run's readers, counted by status and reason: `{ accepted: 3, 'skipped paused': 1 }`. */
export async function lastWords(db: Db, runId: number): Promise<Record<string, number>> {
  const { rows } = await sql<{ word: string; readers: number }>`
    select status || coalesce(' ' || reason, '') as word, count(*) as readers
    from outcomes where run_id = ${runId} and final group by 1 order by 1`.execute(db);
  return Object.fromEntries(rows.map(({ word, readers }) => [word, readers]));
}
