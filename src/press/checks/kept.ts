import type { Db } from '../../db/connect.ts';
import type { EditionChecks } from '../../db/schema/editions.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Finding } from './finding.ts';

/** When an edition is looked at whole (DESK §4). */
export type Stage = EditionChecks['stage'];
/** What the checks found then, of the content with this hash. */
export type Kept = { stage: Stage; at: Instant; hash: string; findings: Finding[] };

/** Keeps what the checks found. */
export async function keepChecks(db: Db, edition_id: number, { findings, ...kept }: Kept): Promise<void> {
  await db
    .insertInto('edition_checks')
    .values({ edition_id, ...kept, findings: JSON.stringify(findings) })
    .execute();
}

/** What was found the last time that an edition was looked at whole; undefined where it never was. */
export async function lastChecks(db: Db, editionId: number): Promise<Kept | undefined> {
  const found = await db
    .selectFrom('edition_checks')
    .select(['stage', 'at', 'hash', 'findings'])
    .where('edition_id', '=', editionId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return found && { ...found, findings: found.findings as Finding[] };
}

/** Whether an edition was looked at whole at a stage. */
export async function isCheckedAt(db: Db, editionId: number, stage: Stage): Promise<boolean> {
  const found = await db
    .selectFrom('edition_checks')
    .select('id')
    .where('edition_id', '=', editionId)
    .where('stage', '=', stage)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
