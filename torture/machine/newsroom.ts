import { sql } from 'kysely';
import { systemClock } from '../../src/clock.ts';
import type { Db } from '../../src/db/connect.ts';
import { closeRuns } from '../../src/press/close.ts';
import { pressEdition } from '../../src/press/press.ts';
import { localDate } from '../../src/publications/calendar.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { seedPublication, startTrial } from '../../tests/support/cast.ts';
import { PUBLIC_URL, seedDraft, seedReaders } from '../../tests/support/press-room.ts';

/** A newsroom to torture: its publication, and its editions pressed one after the other. */
export type Newsroom = {
  publication: Publication;
  /** Drafts the edition of the next date. */
  draft(): Promise<{ id: number; date: string }>;
  /** Presses the edition of the next date, due now; returns its run. */
  press(now?: Temporal.Instant): Promise<number>;
  /** How many readers have no last word yet. */
  open(): Promise<number>;
  /** Closes what is finished; returns how many runs are left open. */
  close(): Promise<number>;
};

/** How long readers have read before the first edition. */
export const READ_FOR = { hours: 13 * 24 };

/** `since`: when its readers began; the first edition is of the date 13 days later, today unless given. */
export type Plan = {
  readers: number;
  trials?: number;
  policy?: 'resend_once' | 'never';
  since?: Temporal.Instant;
};

/** Sets a newsroom down that publishes every day, with so many readers who pay and so many on trial. */
export async function openNewsroom(
  db: Db,
  { readers, trials = 0, policy = 'resend_once', since = systemClock.now().subtract(READ_FOR) }: Plan,
): Promise<Newsroom> {
  const publication = await seedPublication(db, {
    publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
    doubtful_policy: policy,
    created_at: since,
  });
  await seedReaders(db, publication, readers, since);
  for (let trial = 1; trial <= trials; trial++)
    await startTrial(
      db,
      publication,
      { address: `trial${trial}@reader.test`, first_name: `Trial ${trial}` },
      since,
    );
  const first = localDate(publication, since.add(READ_FOR));
  let drafted = 0;
  const draft = async () => {
    const date = String(first.add({ days: drafted++ }));
    return { id: await seedDraft(db, publication, date), date };
  };
  return {
    publication,
    draft,
    async press(now = systemClock.now()) {
      const { id } = await draft();
      await pressEdition(db, id, { now, enqueue: async () => {}, public_url: PUBLIC_URL });
      return (await db.selectFrom('runs').select('id').where('edition_id', '=', id).executeTakeFirstOrThrow())
        .id;
    },
    async open() {
      const { rows } = await sql<{ open: number }>`
        select coalesce(sum(hi - lo + 1), 0)::int as open from batches where state <> 'done'`.execute(db);
      return rows[0]?.open ?? 0;
    },
    async close() {
      await closeRuns(db, { now: systemClock.now() });
      const { rows } = await sql<{
        open: number;
      }>`select count(*) as open from runs where closed_at is null`.execute(db);
      return rows[0]?.open ?? 0;
    },
  };
}
