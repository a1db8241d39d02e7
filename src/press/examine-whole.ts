import type { Db } from '../db/connect.ts';
import type { Edition, EditionState } from '../editions/edition.ts';
import { byWeight } from './checks/check.ts';
import type { Finding } from './checks/finding.ts';
import { type Kept, keepChecks, lastChecks, type Stage } from './checks/kept.ts';
import { keyOf } from './checks/override.ts';
import { type Examined, type Examining, examine, profileOf } from './examine.ts';
import { hashToApprove } from './hash-to-approve.ts';
import { ASKED_OUTSIDE, lookOutside, type Outside } from './look-outside.ts';

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

/** What an edition's fast checks find, and the last that it was looked at whole, whatever it said then. */
export type ExaminedNow = Examined & { whole: Kept | undefined };

/**
 * The fast checks of an edition, with what was found by asking outside if that was of what it says now: no page waits for
 * servers, and nobody is asked each minute. Of one that has gone, or never will, nothing is left to be found.
 */
export async function examineNow(db: Db, edition: Edition, examining: Examining): Promise<ExaminedNow> {
  const examined = await examine(db, edition, examining);
  const whole = await lastChecks(db, edition.id);
  if (IS_OVER.includes(edition.state)) return { ...examined, whole, findings: [] };
  if (whole?.hash !== hashToApprove(edition, examined.model)) return { ...examined, whole };
  return { ...examined, whole, findings: withAsked(examined.findings, whole.findings) };
}

const IS_OVER: EditionState[] = ['pressing', 'pressed', 'failed', 'skipped'];

/** Findings, and of others those that come of asking outside, each once. */
export function withAsked(findings: Finding[], others: Finding[]): Finding[] {
  const known = new Set(findings.map(keyOf));
  const asked = others.filter((one) => ASKED_OUTSIDE.includes(one.check) && !known.has(keyOf(one)));
  return byWeight([...findings, ...asked]);
}
