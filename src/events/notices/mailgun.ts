import { z } from 'zod';
import { complains } from '../reading/complaint.ts';
import type { Returned } from '../reading/returned.ts';
import { notice, optionalText, readJson, reported, type Says } from './notice.ts';

const NOTICE = z.object({
  'event-data': z.object({
    event: z.string(),
    severity: optionalText,
    reason: optionalText,
    recipient: optionalText,
    envelope: z.object({ sender: optionalText }).nullish(),
    message: z.object({ headers: z.object({ 'message-id': optionalText }).nullish() }).nullish(),
    'user-variables': z.record(z.string(), z.unknown()).nullish(),
    'delivery-status': z
      .object({
        code: z.number().nullish(),
        message: optionalText,
        description: optionalText,
        'enhanced-code': optionalText,
      })
      .nullish(),
  }),
});

/** Why Mailgun did not even try: what it remembers of the address. */
const SUPPRESSED: Record<string, Says> = {
  'suppress-bounce': { reason: 'mailbox_unknown', hard: true },
};

/** A webhook of Mailgun; it names the delivery by the envelope sender and by our Message-ID. */
export function readMailgun(text: string): Returned[] {
  const data = readJson('Mailgun', NOTICE, text)['event-data'];
  const envid = data['user-variables']?.envid;
  const named = {
    envid: typeof envid === 'string' ? envid : null,
    original_from: data.envelope?.sender ?? null,
    original_message_id: data.message?.headers?.['message-id'] ?? null,
  };
  const address = data.recipient ?? null;
  switch (data.event) {
    case 'complained':
      return [notice('complaint', [complains(address)], named)];
    case 'delivered':
      return [
        notice(
          'report',
          [reported(address, 'delivered', { says: { reason: 'delivered', hard: false } })],
          named,
        ),
      ];
    case 'failed': {
      if (data.reason === 'suppress-complaint') return [notice('complaint', [complains(address)], named)];
      const action = data.severity === 'temporary' ? 'delayed' : 'failed';
      return [notice('report', [reported(address, action, wordsOf(data))], named)];
    }
    default:
      return [];
  }
}

function wordsOf({ reason, 'delivery-status': said }: z.output<typeof NOTICE>['event-data']) {
  const words = [said?.code, said?.message || said?.description].filter(Boolean).join(' ');
  return { words, status: said?.['enhanced-code'], says: SUPPRESSED[reason ?? ''] };
}
