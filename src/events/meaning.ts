import type { EventKind } from '../db/schema/events.ts';
import type { Reason, Recipient } from './reading/returned.ts';

/** What something that came back says of one delivery. */
export type Meaning = {
  kind: EventKind;
  reason: Reason | null;
  status: string | null;
  diagnostic: string | null;
};

/** Reasons that are about us or our mail, never about the reader's mailbox. */
const ABOUT_US: ReadonlySet<Reason> = new Set([
  'blocked',
  'reputation',
  'reverse_dns',
  'authentication',
  'policy',
  'security',
  'spam',
  'virus',
  'content',
  'not_compliant',
  'rate_limited',
  'relay_denied',
  'sender_refused',
]);

/** Reasons that pass, but that speak of a dead mailbox where they do not. */
const PASSING: ReadonlySet<Reason> = new Set([
  'mailbox_full',
  'mailbox_disabled',
  'greylisted',
  'system_trouble',
  'system_full',
  'mailer_trouble',
  'network',
  'expired',
]);

/**
 * The consequence class of what a report says of a recipient (MAIL B2). `policy` stands before all: whoever refuses us
 * says nothing of the reader. What failed for good and for no reason that we know (5.x.x) is only `noted`.
 */
export function meaningOf({ action, hard, reason, status, diagnostic }: Recipient): Meaning {
  return { kind: kindOf({ action, hard, reason, status }), reason, status, diagnostic };
}

function kindOf({
  action,
  hard,
  reason,
  status,
}: Pick<Recipient, 'action' | 'hard' | 'reason' | 'status'>): EventKind {
  if (action === 'delayed' || action === 'delivered') return action;
  if (action === 'other') return 'noted';
  if (ABOUT_US.has(reason) || /^[45]\.7\./.test(status ?? '')) return 'policy';
  if (hard && !status?.startsWith('4')) return 'hard_bounce';
  return PASSING.has(reason) || status?.startsWith('4') ? 'soft_bounce' : 'noted';
}

const MILDEST_FIRST: readonly EventKind[] = [
  'delivered',
  'delayed',
  'noted',
  'policy',
  'soft_bounce',
  'hard_bounce',
];

/**
 * What several recipients behind one forwarding address say of it together: the mildest, since the address itself
 * works while one of them takes mail.
 */
export function mildest(meanings: readonly Meaning[]): Meaning | undefined {
  return [...meanings].sort((a, b) => MILDEST_FIRST.indexOf(a.kind) - MILDEST_FIRST.indexOf(b.kind))[0];
}
