import type { Approval } from '../../editions/desk/approval.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Finding } from '../../press/checks/finding.ts';
import { consequenceOf } from '../../press/consequence.ts';
import type { Policy } from '../../press/policy.ts';
import type { Publication } from '../../publications/publication.ts';
import { count, dayTime } from '../words.ts';

/** What the banner of the desk says: when the press is, who has approved, and what comes of doing nothing. */
export type Banner = {
  press: string;
  press_at: string;
  left: string | null;
  approved: string;
  consequence: string;
  mood: 'good' | 'warn' | 'bad' | 'over';
};

const MINUTE_MS = 60_000;

/** The banner of an edition as it stands at `now` (DESK §2); the last clause follows from what the checks find at this moment. */
export function bannerOf(
  edition: Edition,
  publication: Publication,
  {
    findings,
    approval,
    policy,
    now,
  }: { findings: Finding[]; approval: Approval | undefined; policy: Policy; now: Temporal.Instant },
): Banner {
  const minutes = Math.ceil((edition.press_at.epochMilliseconds - now.epochMilliseconds) / MINUTE_MS);
  const over = ['pressing', 'pressed', 'skipped', 'stopped', 'failed'].includes(edition.state);
  const { comes, says, warnings } = consequenceOf(edition, policy, { findings, approval });
  return {
    press: dayTime(edition.press_at, publication.zone),
    press_at: edition.press_at.toString(),
    left: over ? null : leftWords(minutes),
    approved: approval ? `Approved by ${approval.actor}.` : over ? '' : 'Nobody has approved.',
    consequence: over ? whatBecame(edition, publication) : says,
    mood: over ? 'over' : comes === 'held' || comes === 'skipped' ? 'bad' : warnings > 0 ? 'warn' : 'good',
  };
}

function leftWords(minutes: number): string {
  if (minutes <= 0) return 'now';
  if (minutes < 120) return `${count(minutes, 'minute')} left`;
  return minutes < 48 * 60
    ? `${Math.round(minutes / 60)} hours left`
    : `${Math.round(minutes / 1440)} days left`;
}

function whatBecame({ state, reason, pressed_at, press_at }: Edition, { zone }: Publication): string {
  if (state === 'skipped') return `It was skipped${reason ? `: ${reason}` : ''}. No reader was sent one.`;
  if (state === 'pressed') return `It went to press ${dayTime(pressed_at ?? press_at, zone)}.`;
  return `It is ${state}${reason ? `: ${reason}` : ''}.`;
}
