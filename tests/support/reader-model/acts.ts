import { type Days, dateOf, daysAfter, HOUR, momentOf, pressedDays, publishingDay } from './days.ts';
import { ask, askAgain } from './letters.ts';
import type { LifeAct } from './life.ts';
import {
  endTrial,
  hasRight,
  heldDays,
  isOpen,
  openHold,
  type Reader,
  stopOf,
  type Terms,
  type Trial,
} from './reader.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** What a reader may meet: the days, and the terms of trials. */
export type Newsletter = { days: Days; terms: Terms[] };

/** Lets an act happen; returns the answer to it. */
export function happen(letter: Newsletter, reader: Reader, act: LifeAct): string {
  const { days } = letter;
  const { at } = act;
  if (!reader.known && act.do !== 'request' && act.do !== 'pay' && !act.do.startsWith('mailbox'))
    return 'nobody';
  switch (act.do) {
    case 'request':
      return request(letter, reader, act);
    case 'confirm':
      return confirm(days, reader, act);
    case 'pause':
      return pause(days, reader, act);
    case 'resume':
      return resume(days, reader, at, at) ? 'resumed' : 'not_paused';
    case 'leave':
      return leave(reader, at);
    case 'rejoin':
      return rejoin(days, reader, at);
    case 'pay':
      return pay(days, reader, act);
    case 'extend':
      return extend(days, reader, act);
    case 'reopen':
      return reopen(days, reader, act);
    case 'grace':
      return grace(reader, act);
    case 'ask for more':
      return askForMore(days, reader, at);
    case 'release':
      return release(days, reader, at);
    case 'mailbox dies':
    case 'mailbox works':
      reader.dead = act.do === 'mailbox dies';
      return 'noted';
    case 'comes back':
    case 'complain': {
      const has = reader.editions.some(({ on, word }) => on === act.edition && word === 'accepted');
      if (has) reader.returned.push({ kind: act.do, edition: act.edition, at });
      return has ? 'taken' : 'nothing';
    }
  }
}

function request({ terms }: Newsletter, reader: Reader, { at }: { at: number }): string {
  reader.known = true;
  const standing = reader.trial;
  if (hasRight(reader, at)) return 'already';
  if (standing?.claimed) {
    if (standing.state !== 'requested') return 'already';
    if (at <= standing.requested + 72 * HOUR) {
      askToConfirm(reader, standing, at);
      return 'already';
    }
    Object.assign(standing, { state: 'void', claimed: false });
  }
  const { allowance, cap } = terms.findLast(({ from }) => from <= at) as Terms;
  const trial: Trial = {
    state: 'requested',
    why: null,
    requested: at,
    confirmed: null,
    ended: null,
    allowance,
    consumed: 0,
    grace: 0,
    grace_used: 0,
    cap,
    stop: '',
    floor: '',
    extended: { times: 0, editions: 0 },
    extensions: 0,
    ends: 0,
    asked_for_more: false,
    claimed: true,
    counted: new Map(),
  };
  reader.trial = trial;
  askToConfirm(reader, trial, at);
  return 'requested';
}

/** One letter to an address in 24 hours (M0). */
function askToConfirm(reader: Reader, trial: Trial, at: number): void {
  const isAsked = reader.letters.some(
    ({ letter, asked, word }) => letter === 'confirm' && asked > at - 24 * HOUR && word !== 'dropped',
  );
  if (!isAsked) ask(reader, { letter: 'confirm', due: at, trial }, at);
}

function confirm(days: Days, reader: Reader, { at, marketing }: { at: number; marketing: boolean }): string {
  const { trial } = reader;
  if (!trial) return 'nothing';
  if (trial.state === 'void') return 'expired';
  if (trial.state !== 'requested') return 'already';
  if (at > trial.requested + 72 * HOUR) {
    Object.assign(trial, { state: 'void', claimed: false });
    return 'expired';
  }
  Object.assign(trial, { state: 'scheduled', confirmed: at });
  trial.stop = publishingDay(days, dateOf(days, at), trial.cap);
  reader.proved = true;
  if (marketing) reader.marketing = true;
  takeComplaintBack(days, reader, at);
  endHold(reader, 'unsubscribed', at);
  ask(reader, { letter: 'welcome', due: at, trial }, at);
  return 'confirmed';
}

function pause(days: Days, reader: Reader, { at, until }: { at: number; until: string }): string {
  const today = dateOf(days, at);
  const standing = openHold(reader, 'paused');
  const longest = daysAfter(standing ? dateOf(days, standing.from) : today, 30);
  if (until <= today || until > longest) return 'refused';
  if (openHold(reader, 'unsubscribed') || !hasRight(reader, at)) return 'refused';
  if (standing?.until === until) return 'already';
  if (standing) standing.until = until;
  else reader.holds.push({ kind: 'paused', from: at, to: NEVER, until });
  ask(reader, { letter: 'paused', due: at, sort: until, trial: reader.trial }, at);
  return standing ? 'moved' : 'paused';
}

/** Ends the pause as of `at`; the letter is due at `due`. */
export function resume(days: Days, reader: Reader, at: number, due: number): boolean {
  if (!endHold(reader, 'paused', at)) return false;
  const { trial } = reader;
  if (isOpen(trial) && trial.state !== 'grace') trial.stop = stopOf(days, reader, trial, at);
  ask(reader, { letter: 'resumed', due, trial }, at);
  askAgain(days, reader, at);
  return true;
}

export function leave(reader: Reader, at: number): string {
  if (openHold(reader, 'unsubscribed')) {
    if (reader.trial?.state === 'requested') reader.refused_at = at;
    return 'already';
  }
  reader.holds.push({ kind: 'unsubscribed', from: at, to: NEVER });
  reader.marketing = false;
  if (isOpen(reader.trial)) endTrial(reader.trial, 'cancelled', at);
  return 'left';
}

function rejoin(days: Days, reader: Reader, at: number): string {
  if (!endHold(reader, 'unsubscribed', at)) return 'not_away';
  takeComplaintBack(days, reader, at);
  const { trial } = reader;
  if (trial?.state === 'ended' && trial.why === 'cancelled' && trial.consumed < trial.allowance)
    goOn(days, reader, trial, at);
  return 'rejoined';
}

function pay(days: Days, reader: Reader, { at, days: term }: { at: number; days?: number }): string {
  const { trial } = reader;
  reader.known = true;
  reader.proved = true;
  const isConverted = trial && trial.state !== 'converted' && trial.state !== 'void';
  let to = term === undefined ? NEVER : at + term * 24 * HOUR;
  if (isConverted && term !== undefined) to = credited(days, trial, to);
  reader.paid.push({ from: at, to });
  if (!isConverted) return 'given';
  Object.assign(trial, { state: 'converted', why: null, ended: null });
  ask(reader, { letter: 'converted', due: at, trial }, at);
  return 'given';
}

/** Editions left move the end of the term later by as many publishing days, those of grace earlier. */
function credited(days: Days, trial: Trial, to: number): number {
  const left = isOpen(trial) ? Math.max(trial.allowance - trial.consumed, 0) : 0;
  const editions = left - trial.grace_used;
  const end = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO(days.zone);
  let date = end.toPlainDate().toString();
  if (editions > 0) date = publishingDay(days, date, editions);
  for (let back = -editions; back > 0; back--) {
    let before = daysAfter(date, -1);
    while (publishingDay(days, daysAfter(before, -1)) !== before) before = daysAfter(before, -1);
    date = before;
  }
  return momentOf(days, date, end.toPlainTime().toString());
}

/** Publishing days for so many editions more, in the proportion of the trial so far, rounded up. */
const daysFor = ({ cap, allowance }: Trial, editions: number): number =>
  Math.ceil((editions * cap) / allowance);

function extend(days: Days, reader: Reader, { at, editions }: { at: number; editions: number }): string {
  const { trial } = reader;
  if (!trial) return 'nothing';
  if (!isOpen(trial) || editions < 1) return 'refused';
  if (trial.extended.times >= 2 || trial.extended.editions + editions > 20) return 'refused';
  trial.extended = { times: trial.extended.times + 1, editions: trial.extended.editions + editions };
  trial.cap += daysFor(trial, editions);
  trial.stop = stopOf(days, reader, trial, at);
  trial.allowance += editions;
  trial.extensions++;
  trial.state = trial.state === 'grace' ? 'running' : trial.state;
  ask(reader, { letter: 'trial-extended', due: at, trial }, at);
  return 'done';
}

function reopen(days: Days, reader: Reader, { at, editions }: { at: number; editions: number }): string {
  const { trial } = reader;
  if (!trial) return 'nothing';
  if (trial.state !== 'ended' || trial.consumed >= trial.allowance + editions) return 'refused';
  if (openHold(reader, 'unsubscribed')) return 'refused';
  takeUp(days, reader, trial, { at, editions });
  return 'done';
}

/** The days since it ended are not taken from a trial that is taken up again, nor those it was held. */
function takeUp(
  days: Days,
  reader: Reader,
  trial: Trial,
  { at, editions }: { at: number; editions: number },
): void {
  const from = dateOf(days, trial.confirmed as number);
  const gone = pressedDays(days, from, at).length - heldDays(days, reader.holds, from, at);
  trial.cap = Math.max(trial.cap, gone + daysFor(trial, trial.allowance + editions - trial.consumed));
  trial.allowance += editions;
  if (editions > 0) trial.extensions++;
  goOn(days, reader, trial, at);
  ask(reader, { letter: 'trial-extended', due: at, trial }, at);
}

function goOn(days: Days, reader: Reader, trial: Trial, at: number): void {
  trial.stop = stopOf(days, reader, trial, at);
  Object.assign(trial, { state: 'running', why: null, ended: null, claimed: true });
}

function grace({ trial }: Reader, { editions }: { editions: number }): string {
  if (!trial) return 'nothing';
  if (trial.state !== 'running' || trial.grace + editions > 10) return 'refused';
  trial.grace += editions;
  trial.state = 'grace';
  return 'done';
}

/** Five more, once, for who was never given any (M7). */
function askForMore(days: Days, reader: Reader, at: number): string {
  const { trial } = reader;
  if (!trial) return 'nothing';
  if (trial.asked_for_more) return 'already';
  const isOver = trial.state === 'ended' && (trial.why === 'spent' || trial.why === 'hard_stop');
  if (!isOver || trial.extensions > 0 || openHold(reader, 'unsubscribed')) return 'no_more';
  trial.asked_for_more = true;
  takeUp(days, reader, trial, { at, editions: 5 });
  return 'given';
}

function release(days: Days, reader: Reader, at: number): string {
  if (reader.suppressed !== 'bounce') return 'refused';
  clear(days, reader, at);
  return 'done';
}

/** Only the reader takes a complaint back, and with it goes what stood before it. */
function takeComplaintBack(days: Days, reader: Reader, at: number): void {
  if (reader.suppressed === 'complaint') clear(days, reader, at);
}

function clear(days: Days, reader: Reader, at: number): void {
  reader.suppressed = undefined;
  if (endHold(reader, 'bounced', at)) askAgain(days, reader, at);
}

function endHold(reader: Reader, kind: 'unsubscribed' | 'paused' | 'bounced', at: number): boolean {
  const hold = openHold(reader, kind);
  if (hold) hold.to = at;
  return hold !== undefined;
}
