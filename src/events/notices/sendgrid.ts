import { z } from 'zod';
import { complains } from '../reading/complaint.ts';
import type { Action, Returned } from '../reading/returned.ts';
import { notice, optionalText, readJson, reported, type Says } from './notice.ts';

const NOTICE = z.array(
  z.object({
    event: z.string(),
    type: optionalText,
    email: optionalText,
    envid: optionalText,
    'smtp-id': optionalText,
    reason: optionalText,
    response: optionalText,
    status: optionalText,
    bounce_classification: optionalText,
  }),
);

type Notice = z.output<typeof NOTICE>[number];

const ACTIONS: Record<string, Action> = {
  bounce: 'failed',
  dropped: 'failed',
  deferred: 'delayed',
  delivered: 'delivered',
};

const CLASSES: Record<string, Says> = {
  'Invalid Address': { reason: 'mailbox_unknown', hard: true },
  Reputation: { reason: 'reputation', hard: false },
  Content: { reason: 'content', hard: false },
  'Mailbox Unavailable': { reason: 'mailbox_full', hard: false },
  'Frequency or Volume Too High': { reason: 'rate_limited', hard: false },
  'Technical Failure': { reason: 'system_trouble', hard: false },
};

/** Why SendGrid did not even try (`dropped`): what it remembers of the address. */
const DROPPED: Record<string, Says> = {
  'Bounced Address': { reason: 'mailbox_unknown', hard: true },
  Invalid: { reason: 'mailbox_unknown', hard: true },
};

/** The events of a webhook of SendGrid, many at a time; they name the delivery by a custom argument `envid` or our Message-ID. */
export const readSendgrid = (text: string): Returned[] =>
  readJson('SendGrid', NOTICE, text).flatMap((event) => readOne(event) ?? []);

function readOne(event: Notice): Returned | undefined {
  const address = event.email ?? null;
  const named = { envid: event.envid ?? null, original_message_id: event['smtp-id'] ?? null };
  const isSpamReport =
    event.event === 'spamreport' || (event.event === 'dropped' && event.reason === 'Spam Reporting Address');
  if (isSpamReport) return notice('complaint', [complains(address)], named);
  const action = ACTIONS[event.event];
  if (!action) return undefined;
  const words = event.reason ?? event.response;
  return notice(
    'report',
    [reported(address, action, { words, status: event.status, says: saysOf(event) })],
    named,
  );
}

/** A `blocked` bounce is about us, whatever else it is called. */
function saysOf(event: Notice): Says | undefined {
  if (event.event === 'delivered') return { reason: 'delivered', hard: false };
  const says =
    event.event === 'dropped' ? DROPPED[event.reason ?? ''] : CLASSES[event.bounce_classification ?? ''];
  if (event.type === 'blocked') return says?.hard === false ? says : { reason: 'blocked', hard: false };
  return says;
}
