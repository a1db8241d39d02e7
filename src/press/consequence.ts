import type { Approval } from '../editions/desk/approval.ts';
import type { Edition } from '../editions/edition.ts';
import type { Finding } from './checks/finding.ts';
import type { Policy } from './policy.ts';

/** What comes of doing nothing: the desk says it, the letters say it, and the press does it (DESK §2). */
export type Consequence = {
  comes: 'sent' | 'held' | 'skipped' | 'picked' | 'over';
  says: string;
  blockers: number;
  warnings: number;
};

/** What becomes of an edition if nobody acts, by its state, the policy, and what the checks find at this moment. */
export function consequenceOf(
  { state, reason }: Pick<Edition, 'state' | 'reason'>,
  policy: Policy,
  { findings, approval }: { findings: readonly Finding[]; approval: Approval | undefined },
): Consequence {
  const grave = findings.filter(({ level }) => level !== 'warn').length;
  const counted = { blockers: grave, warnings: findings.length - grave };
  const tally = tallyOf(counted);
  if (state === 'held')
    return {
      comes: 'skipped',
      says: `It is held${reason ? `: ${reason}` : ''}. If nobody acts, it is skipped once it is stale.`,
      ...counted,
    };
  if (state === 'planned' || state === 'gathering')
    return { comes: 'picked', says: 'If nobody acts: its stories are picked at the cutoff.', ...counted };
  if (!['draft', 'in_review', 'approved'].includes(state))
    return { comes: 'over', says: `It is ${state}${reason ? `: ${reason}` : ''}.`, ...counted };
  if (state === 'approved' && approval)
    return { comes: 'sent', says: `If nobody acts: it goes as it was approved (${tally}).`, ...counted };
  if (!policy.sends)
    return { comes: 'held', says: `If nobody acts: it is held, for ${policy.why}.`, ...counted };
  return grave > 0
    ? { comes: 'held', says: `If nobody acts: it is held (${tally}).`, ...counted }
    : { comes: 'sent', says: `If nobody acts: it is sent by itself (${tally}).`, ...counted };
}

const tallyOf = ({ blockers, warnings }: Pick<Consequence, 'blockers' | 'warnings'>): string =>
  `${counted(blockers, 'blocker')}, ${counted(warnings, 'warning')}`;

const counted = (number: number, one: string): string =>
  `${number === 0 ? 'no' : number === 1 ? 'one' : number} ${one}${number === 1 ? '' : 's'}`;
