import type { Db } from '../db/connect.ts';
import type { Edition } from '../editions/edition.ts';
import { byWeight } from './checks/check.ts';
import { keepChecks, type Stage } from './checks/kept.ts';
import { type Examined, type Examining, examine, profileOf } from './examine.ts';
import { hashToApprove } from './hash-to-approve.ts';
import { lookOutside, type Outside } from './look-outside.ts';

/** How an edition is looked at whole; without `outside` nothing is asked. */
export type Whole = Examining & { stage: Stage; outside?: Outside | undefined };

/**
 * All checks of an edition, those that ask outside among them in production, and keeps what they found. Not for the midst of a
 * transaction: servers may take their time.
 */
export async function examineWhole(
  db: Db,
  edition: Edition,
  { stage, outside, ...examining }: Whole,
): Promise<Examined> {
  const { publication, public_url, now, profile = profileOf(public_url) } = examining;
  const examined = await examine(db, edition, examining);
  const asked =
    profile === 'production' && outside
      ? await lookOutside(db, examined, publication, { ...outside, now })
      : [];
  const findings = byWeight([...examined.findings, ...asked]);
  await keepChecks(db, edition.id, {
    stage,
    at: now,
    hash: hashToApprove(edition, examined.model),
    findings,
  });
  return { ...examined, findings };
}
