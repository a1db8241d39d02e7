import type { Finding } from './finding.ts';

/** What a finding is known by, for the reason that lets it pass. */
export const keyOf = ({ check, says }: Finding): string => `${check} ${says}`;

/** Whether an approver has said why a finding that holds may pass; one that blocks never does. */
export const isOverridden = (finding: Finding, overrides: Record<string, string>): boolean =>
  finding.level === 'hold' && (overrides[keyOf(finding)] ?? '') !== '';
