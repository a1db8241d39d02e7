import { z } from 'zod';
import { complains } from '../reading/complaint.ts';
import type { Action, Returned } from '../reading/returned.ts';
import { notice, optionalText, readJson, reported, type Says } from './notice.ts';

const RECIPIENT = z.object({
  emailAddress: z.string(),
  status: optionalText,
  diagnosticCode: optionalText,
});

const NOTICE = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.object({
    source: optionalText,
    headers: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    commonHeaders: z.object({ messageId: optionalText }).nullish(),
  }),
  bounce: z
    .object({ bounceType: z.string(), bounceSubType: optionalText, bouncedRecipients: z.array(RECIPIENT) })
    .optional(),
  complaint: z
    .object({
      complaintFeedbackType: optionalText,
      complainedRecipients: z.array(z.object({ emailAddress: z.string() })),
    })
    .optional(),
  delivery: z.object({ recipients: z.array(z.string()), smtpResponse: optionalText }).optional(),
  deliveryDelay: z.object({ delayedRecipients: z.array(RECIPIENT) }).optional(),
});

type Notice = z.output<typeof NOTICE>;

/** Types of a permanent bounce that are about the mailbox; `General` says no more than the other server's words do. */
const SUBTYPES: Record<string, Says> = {
  NoEmail: { reason: 'mailbox_unknown', hard: true },
  Suppressed: { reason: 'mailbox_unknown', hard: true },
  OnAccountSuppressionList: { reason: 'mailbox_unknown', hard: true },
  MailboxFull: { reason: 'mailbox_full', hard: false },
  MessageTooLarge: { reason: 'too_large', hard: false },
  ContentRejected: { reason: 'content', hard: false },
  AttachmentRejected: { reason: 'content', hard: false },
};

/**
 * A notification of Amazon SES as it comes in an SNS message, or an event of its configuration sets: bounce, complaint,
 * delivery, delay. `mail.source` is the envelope sender: our signed return path.
 */
export function readSes(text: string): Returned[] {
  const read = readJson('SES', NOTICE, text);
  const { source, commonHeaders, headers } = read.mail;
  const header = headers?.find(({ name }) => name.toLowerCase() === 'message-id')?.value;
  const named = {
    original_from: source ?? null,
    original_message_id: header ?? commonHeaders?.messageId ?? null,
  };
  switch ((read.notificationType ?? read.eventType)?.toLowerCase()) {
    case 'bounce':
      return [isAutomatic(read) ? notice('automatic', [], named) : notice('report', bounced(read), named)];
    case 'complaint': {
      const { complaintFeedbackType: type, complainedRecipients = [] } = read.complaint ?? {};
      if (type === 'not-spam' || type === 'auth-failure') return [];
      const recipients = complainedRecipients.map(({ emailAddress }) => complains(emailAddress));
      return [{ ...notice('complaint', recipients, named), feedback_type: type ?? null }];
    }
    case 'delivery': {
      const { recipients = [], smtpResponse: words } = read.delivery ?? {};
      return [
        notice(
          'report',
          recipients.map((one) => reported(one, 'delivered', { words, says: DELIVERED })),
          named,
        ),
      ];
    }
    case 'deliverydelay':
      return [notice('report', recipientsOf(read.deliveryDelay?.delayedRecipients ?? [], 'delayed'), named)];
    default:
      return [];
  }
}

const DELIVERED: Says = { reason: 'delivered', hard: false };

/** SES reports an automatic answer as a transient bounce of no kind, for which no server said anything. */
const isAutomatic = ({ bounce }: Notice): boolean =>
  bounce !== undefined &&
  bounce.bounceType !== 'Permanent' &&
  !(bounce.bounceSubType && bounce.bounceSubType in SUBTYPES) &&
  bounce.bouncedRecipients.every(({ status, diagnosticCode }) => !status && !diagnosticCode);

/** What SES calls transient has been tried for as long as SES tries: it did not arrive, but says nothing final. */
function bounced({ bounce }: Notice) {
  const { bounceType, bounceSubType, bouncedRecipients = [] } = bounce ?? {};
  const bySubtype = SUBTYPES[bounceSubType ?? ''];
  const says = bySubtype && { ...bySubtype, hard: bySubtype.hard && bounceType === 'Permanent' };
  const read = recipientsOf(bouncedRecipients, 'failed', says);
  return bounceType === 'Permanent' ? read : read.map((one) => ({ ...one, ...transient(one) }));
}

const transient = ({ reason }: { reason: Says['reason'] }): Says => ({
  hard: false,
  reason: reason === 'undetermined' ? 'system_trouble' : reason,
});

const recipientsOf = (recipients: z.output<typeof RECIPIENT>[], action: Action, says?: Says) =>
  recipients.map(({ emailAddress, status, diagnosticCode: words }) =>
    reported(emailAddress, action, { words, status, says }),
  );
