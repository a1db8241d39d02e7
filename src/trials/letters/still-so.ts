import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Letter } from '../../letters/letter.ts';
import type { LetterName } from '../../letters/letter-kind.ts';
import { findPause } from '../../subscribers/hold.ts';
import { isPastConfirming } from '../sign-up/request-limits.ts';
import type { Trial } from '../trial.ts';
import type { EndedDetail } from './clock-letters.ts';
import type { EndingDetail } from './rungs.ts';

/** Why a letter is not sent after all: kept with it. */
export type DropReason =
  | 'stale'
  | 'complaint'
  | 'suppressed'
  | 'unsubscribed'
  | 'admin'
  | 'paused'
  | 'bounced'
  | 'confirmed'
  | 'expired'
  | 'void'
  | 'converted'
  | 'reopened'
  | 'superseded'
  | 'ended'
  | 'has_grant'
  | 'no_consent'
  | 'reversed'
  | 'cleared';

/** Why what a letter says of its trial is no longer so; undefined where it is. */
export function trialForbids({ letter, detail }: Letter, trial: Trial, now: Instant): DropReason | undefined {
  switch (letter as LetterName) {
    case 'confirm':
      if (trial.state === 'void' || isPastConfirming(trial, { now })) return 'expired';
      return trial.state === 'requested' ? undefined : 'confirmed';
    case 'welcome':
      return trial.state === 'void' ? 'void' : undefined;
    case 'trial-value':
      return runningForbids(trial);
    case 'trial-midway':
    case 'trial-ending':
      return endingForbids((detail as EndingDetail).left, trial);
    case 'trial-extended':
      if (trial.state === 'converted') return 'converted';
      return ['scheduled', 'running', 'grace'].includes(trial.state) ? undefined : 'ended';
    case 'converted':
      return trial.state === 'converted' ? undefined : 'reversed';
    case 'trial-ended':
    case 'win-back':
      return endedForbids((detail as Partial<EndedDetail>).ended_at, trial);
    default:
      return undefined;
  }
}

/** Of the end that a letter was asked for at, and of no other: one by the staff, or after more editions, has its own words or none. */
function endedForbids(endedAt: string | undefined, trial: Trial): DropReason | undefined {
  if (trial.state === 'converted') return 'converted';
  if (trial.state !== 'ended') return 'reopened';
  return endedAt === undefined || isSameSecond(endedAt, trial.ended_at) ? undefined : 'superseded';
}

/** Postgres keeps less of an instant than a clock gives. */
const isSameSecond = (text: string, instant: Instant | null): boolean =>
  instant !== null &&
  Math.abs(Temporal.Instant.from(text).epochMilliseconds - instant.epochMilliseconds) < 1000;

function runningForbids({ state }: Trial): DropReason | undefined {
  if (state === 'converted') return 'converted';
  return state === 'running' ? undefined : 'ended';
}

/** Until how many are left each rung's words are so: "three left" while two or three are. An extension puts them out of date. */
const DOWN_TO = { 7: 4, 3: 2, 1: 1 } as const;

function endingForbids(rung: EndingDetail['left'], trial: Trial): DropReason | undefined {
  const left = trial.allowance - trial.consumed;
  const isSo = left <= rung && left >= DOWN_TO[rung];
  return runningForbids(trial) ?? (isSo ? undefined : 'superseded');
}

/** "Paused until Tuesday" is so while that pause stands; another date has a letter of its own. */
export async function pauseForbids(trx: Db, letter: Letter): Promise<DropReason | undefined> {
  if (letter.letter !== 'paused') return undefined;
  const pause = await findPause(trx, letter);
  return pause?.resume_on?.toString() === letter.detail.resume_on ? undefined : 'superseded';
}
