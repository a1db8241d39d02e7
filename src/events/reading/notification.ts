import { z } from 'zod';
import { complains } from './complaint.ts';
import type { Header } from './header.ts';
import { fromFields } from './report.ts';
import type { Returned } from './returned.ts';

const text = z.string().max(2_000);
const NOTICE = z.object({
  notificationType: z.enum(['Bounce', 'Complaint', 'Delivery']),
  bounce: z
    .object({
      bounceType: text.optional(),
      bouncedRecipients: z
        .array(
          z.object({
            emailAddress: text,
            action: text.optional(),
            status: text.optional(),
            diagnosticCode: text.optional(),
          }),
        )
        .max(200),
    })
    .optional(),
  complaint: z
    .object({
      complainedRecipients: z.array(z.object({ emailAddress: text })).max(200),
      complaintFeedbackType: text.nullish(),
    })
    .optional(),
  delivery: z.object({ recipients: z.array(text).max(200), smtpResponse: text.optional() }).optional(),
  mail: z.object({ source: text.optional(), destination: z.array(text).max(200).optional() }).optional(),
});

/** A notice of Amazon SES sent on by e-mail: JSON at the beginning of the text. Null where it is none. */
export function readNotification(
  told: string,
): Pick<Returned, 'kind' | 'recipients' | 'feedback_type'> | null {
  const json = jsonIn(told);
  const { data } = NOTICE.safeParse(json);
  if (data?.complaint) {
    const recipients = data.complaint.complainedRecipients.map(({ emailAddress }) => complains(emailAddress));
    return { kind: 'complaint', recipients, feedback_type: data.complaint.complaintFeedbackType ?? 'abuse' };
  }
  const fields = data?.bounce?.bouncedRecipients.map(bounced) ?? deliveredTo(data?.delivery);
  if (fields.length === 0) return null;
  return {
    kind: 'report',
    recipients: fields.map((one) => fromFields(one, '', fields)),
    feedback_type: null,
  };
}

/** The object that the text begins with; long lines were cut with `!` and an indent on the way. */
function jsonIn(told: string): unknown {
  const start = told.trimStart();
  if (!start.startsWith('{"notificationType"')) return undefined;
  const object = start.replace(/!\n[ \t]*/g, '').split(/\n--\s*\n/)[0] as string;
  try {
    return JSON.parse(object.slice(0, object.lastIndexOf('}') + 1).replace(/\n/g, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Bounced = {
  emailAddress: string;
  action?: string | undefined;
  status?: string | undefined;
  diagnosticCode?: string | undefined;
};

const bounced = ({ emailAddress, action, status, diagnosticCode }: Bounced): Header => [
  { name: 'final-recipient', value: emailAddress },
  { name: 'action', value: action ?? 'failed' },
  { name: 'status', value: status ?? '' },
  { name: 'diagnostic-code', value: diagnosticCode ?? '' },
];

const deliveredTo = (delivery?: { recipients: string[]; smtpResponse?: string | undefined }): Header[] =>
  delivery?.recipients.map((address) =>
    bounced({ emailAddress: address, action: 'delivered', diagnosticCode: delivery.smtpResponse }),
  ) ?? [];
