import type { Finding } from './checks/finding.ts';
import { keyOf } from './checks/override.ts';

/** DESK §3: what is looked at before a story breaks into an edition that was approved. */
const FAST_CHECKS = ['P02', 'P03', 'P05', 'P06', 'P09', 'P18', 'P20'];

/** Whether a finding counts even where something breaks in. */
export const isFast = ({ check }: Pick<Finding, 'check'>): boolean => FAST_CHECKS.includes(check);

/** Reasons for the findings that hold and need not be looked at now, each by its key. What blocks is never passed over. */
export const passedForBreaking = (findings: readonly Finding[]): Record<string, string> =>
  Object.fromEntries(
    findings
      .filter((finding) => finding.level === 'hold' && !isFast(finding))
      .map((finding) => [keyOf(finding), 'breaking news']),
  );
