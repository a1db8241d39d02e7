import { z } from 'zod';
import { invalid, messageOf } from '../../errors.ts';
import type { Action, Reason, Recipient, Returned } from '../reading/returned.ts';
import { reasonOfReply } from '../reply.ts';

/** What a provider calls our mark for the delivery, whichever of them it hands back. */
type Named = Partial<Pick<Returned, 'envid' | 'original_message_id' | 'original_from'>>;

/** A provider's notice as what came back, with the marks by which it names the delivery. */
export function notice(kind: Returned['kind'], recipients: Recipient[], named: Named): Returned {
  return {
    kind,
    recipients,
    sent_to: [],
    envid: named.envid ?? null,
    original_message_id: named.original_message_id?.replace(/[<>\s]/g, '') ?? null,
    original_leave: null,
    original_from: named.original_from ?? null,
    original_to: recipients.flatMap(({ address }) => address ?? []),
    feedback_type: null,
  };
}

/** A recipient as a provider reports it: in the words of the other server; `says` is the provider's own verdict, if it has one. */
export function reported(
  address: string | null,
  action: Action,
  {
    words,
    status,
    says,
  }: { words?: string | null | undefined; status?: string | null | undefined; says?: Says | undefined },
): Recipient {
  const read = reasonOfReply(words ?? '', status || null);
  const reason = says?.reason ?? read.reason;
  const hard = action === 'failed' && (says?.hard ?? read.hard);
  return {
    address,
    action,
    status: read.status,
    reply_code: read.reply_code,
    reason,
    hard,
    diagnostic: words || null,
  };
}

/** A provider's verdict in our words. */
export type Says = { reason: Reason; hard: boolean };

/** A provider's JSON in the shape that we need of it. Throws `invalid` naming the provider and what is amiss. */
export function readJson<Shape extends z.ZodType>(
  provider: string,
  shape: Shape,
  text: string,
): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw invalid(`a notice from ${provider} is not in the shape that we know: ${what}`, error);
  }
}

/** A text that may be missing or null. */
export const optionalText = z.string().nullish();
