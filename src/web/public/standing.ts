import type { OnItsWay } from '../../deliveries/ledger/on-its-way.ts';
import { dayLabel } from '../../messages/words/date-label.ts';
import type { Publication } from '../../publications/publication.ts';
import { nextRoundUpOn } from '../../publications/weekly.ts';
import { isOnGrace } from '../../trials/machine/machine.ts';
import { nextEditionOn, trialPosition } from '../../trials/position.ts';
import type { Decision } from '../../trials/rights/decision.ts';
import type { Trial } from '../../trials/trial.ts';
import { count } from '../words.ts';

/** How a reader stands with a newsletter, in words for their own page. */
export type Standing = {
  title: string;
  lines: string[];
  /** How far the trial has come, where one is under way. */
  progress: { done: number; of: number } | null;
  /** What the reader may do about it here. */
  may: 'leave' | 'rejoin' | 'nothing';
  /** Whether there is something to pause, or a pause to end or move; until when, as an ISO date. */
  may_pause: boolean;
  paused_until: string | null;
  /** Receives by a right other than a trial: there is nothing to sell them. */
  is_subscriber?: true;
};

type Known = {
  /** On a regular edition: `weekly` where they get the round-up instead. */
  decision: Decision;
  trial: Trial | undefined;
  publication: Publication;
  /** The date on which a pause ends, where there is one. */
  resume_on: Temporal.PlainDate | null;
  now: Temporal.Instant;
  /** An edition that has gone to press and not yet reached them. */
  on_its_way: OnItsWay | undefined;
  /** How many round-ups they received on the trial. */
  round_ups: number;
};

/** Of most standings. */
const NOT_PAUSED = { may_pause: false, paused_until: null };
const MAY_PAUSE = { may_pause: true, paused_until: null };

/** Says how a reader stands: what stops delivery first, then the right they receive on. */
export function standingOf(known: Known): Standing {
  const { reason, grant_source } = known.decision;
  if (reason === 'paused') return paused(known);
  if (reason !== null && reason !== 'no_grant' && reason !== 'weekly') return stopped(reason);
  if (grant_source === 'trial' || grant_source === 'grace') return underWay(known);
  if (grant_source !== null) return paid(known);
  return without(known);
}

const STOPPED: Record<
  Exclude<Decision['reason'], null | 'no_grant' | 'paused' | 'weekly'>,
  { title: string; line: string }
> = {
  unsubscribed: { title: 'You have left', line: 'We send you nothing. You may come back whenever you like.' },
  bounced: {
    title: 'Our mail does not reach you',
    line: 'Your mail server sends it back, so we have stopped trying for now. Nothing is counted meanwhile.',
  },
  complaint: {
    title: 'We write to you no more',
    line: 'Our mail was reported as unwanted at this address, so we have stopped for good.',
  },
  suppressed: {
    title: 'We write to you no more',
    line: 'Mail to this address came back as undeliverable, so we have stopped.',
  },
  admin_hold: {
    title: 'On hold',
    line: 'Delivery has been stopped by us. Write to us if you do not know why.',
  },
};

function stopped(reason: keyof typeof STOPPED): Standing {
  const { title, line } = STOPPED[reason];
  const may = reason === 'unsubscribed' ? 'rejoin' : reason === 'complaint' ? 'nothing' : 'leave';
  return { ...NOT_PAUSED, title, lines: [line], progress: null, may };
}

function paused({ resume_on, publication }: Known): Standing {
  const until = resume_on ? dayLabel(resume_on.toString(), publication.lang) : null;
  return {
    title: until ? `Paused until ${until}` : 'Paused',
    lines: ['Nothing is sent, and nothing is counted, until then.'],
    progress: null,
    may: 'leave',
    may_pause: true,
    paused_until: resume_on?.toString() ?? null,
  };
}

/** On trial, or in the grace after it. */
function underWay(known: Known): Standing {
  const { trial, publication, decision } = known;
  if (trial && decision.reason === 'weekly' && trial.state !== 'grace') return onWeekly(known, trial);
  const next = nextOf(known);
  if (!trial || !next)
    return { ...MAY_PAUSE, title: 'Your free trial', lines: [], progress: null, may: 'leave' };
  const { edition, of, last_on, certain, left, is_last } = trialPosition(trial, publication, next.edition_on);
  const day = (date: Temporal.PlainDate) => dayLabel(date.toString(), publication.lang);
  const lines = [nextLine(known, next)];
  if (is_last) lines.push('It is your last free edition.');
  else if (last_on && next.kind !== 'weekly')
    lines.push(`Your last free edition is ${certain ? 'on' : 'about'} ${day(last_on)}.`);
  const title = isOnGrace(trial) ? `Extra edition ${edition} of ${of}` : `Edition ${edition} of ${of}`;
  return { ...MAY_PAUSE, title, lines, progress: { done: of - left, of }, may: 'leave' };
}

/** On trial with the round-up alone: nothing is counted, and what ends it is its last date. */
function onWeekly(known: Known, { hard_stop_on }: Trial): Standing {
  const next = nextOf(known);
  const isInTime = next && (!hard_stop_on || Temporal.PlainDate.compare(next.edition_on, hard_stop_on) <= 0);
  const ends = hard_stop_on && dayLabel(hard_stop_on.toString(), known.publication.lang);
  const lines = [
    isInTime ? nextLine(known, next) : 'No other weekly round-up comes before your trial ends.',
    ...(ends ? [`Round-ups are not counted. Your free trial ends on ${ends} at the latest.`] : []),
  ];
  return { ...MAY_PAUSE, title: 'Your free trial: the weekly round-up', lines, progress: null, may: 'leave' };
}

function paid(known: Known): Standing {
  const next = nextOf(known);
  return {
    ...MAY_PAUSE,
    title: 'You are a subscriber',
    lines: next ? [nextLine(known, next)] : [],
    progress: null,
    may: 'leave',
    is_subscriber: true,
  };
}

/** The edition that a reader gets next: one that waits for their hour comes before the next to go to press. */
function nextOf({ publication, now, on_its_way, decision }: Known): OnItsWay | undefined {
  if (on_its_way) return on_its_way;
  const kind = decision.reason === 'weekly' ? 'weekly' : 'regular';
  const edition_on = kind === 'weekly' ? nextRoundUpOn(publication, now) : nextEditionOn(publication, now);
  return edition_on && { edition_on, kind };
}

function nextLine({ publication, on_its_way }: Known, { edition_on, kind }: OnItsWay): string {
  const day = dayLabel(edition_on.toString(), publication.lang);
  const what = kind === 'weekly' ? 'weekly round-up' : 'edition';
  return on_its_way ? `The ${what} of ${day} is on its way to you.` : `Your next ${what} comes on ${day}.`;
}

/** No right to receive: not yet, or no longer. */
function without({ trial, round_ups }: Known): Standing {
  if (trial?.state === 'requested')
    return {
      ...NOT_PAUSED,
      title: 'Not confirmed yet',
      lines: ['Press the button in the e-mail we sent you, and your trial begins.'],
      progress: null,
      may: 'nothing',
    };
  if (trial?.state === 'ended')
    return {
      ...NOT_PAUSED,
      title: 'Your free trial is over',
      lines: [
        `You received ${count(trial.consumed + trial.grace_used + round_ups, 'edition')}. Nothing to pay, nothing to cancel.`,
      ],
      progress: null,
      may: 'leave',
    };
  return {
    ...NOT_PAUSED,
    title: 'No subscription',
    lines: ['Nothing is sent to this address.'],
    progress: null,
    may: 'nothing',
  };
}
