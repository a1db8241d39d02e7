import type { Db } from '../../db/connect.ts';

/** How far the run of an edition has come: its readers by their last word, and those who have none yet. */
export type Tally = {
  run_id: number;
  audience: number;
  accepted: number;
  failed: number;
  skipped: number;
  unknown: number;
  waiting: number;
  paused_at: Temporal.Instant | null;
  pause_reason: string | null;
  closed_at: Temporal.Instant | null;
};

/** Counts the run of an edition; undefined before its press. */
export async function tallyEdition(db: Db, editionId: number): Promise<Tally | undefined> {
  const run = await db
    .selectFrom('runs')
    .select(['id', 'paused_at', 'pause_reason', 'closed_at'])
    .where('edition_id', '=', editionId)
    .executeTakeFirst();
  if (!run) return undefined;
  const { count } = await db
    .selectFrom('audience')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('run_id', '=', run.id)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('outcomes')
    .select(({ fn }) => ['status', fn.countAll<number>().as('readers')])
    .where('run_id', '=', run.id)
    .where('final', '=', true)
    .groupBy('status')
    .execute();
  const of = (status: 'accepted' | 'failed' | 'skipped' | 'unknown'): number =>
    Number(rows.find((row) => row.status === status)?.readers ?? 0);
  const counts = {
    accepted: of('accepted'),
    failed: of('failed'),
    skipped: of('skipped'),
    unknown: of('unknown'),
  };
  const audience = Number(count);
  const done = counts.accepted + counts.failed + counts.skipped + counts.unknown;
  const { id: run_id, ...standing } = run;
  return { run_id, audience, ...counts, waiting: audience - done, ...standing };
}
