import { z } from 'zod';
import { complains } from '../reading/complaint.ts';
import { readReturned } from '../reading/read.ts';
import type { Returned } from '../reading/returned.ts';
import { notice, optionalText, readJson, reported, type Says } from './notice.ts';

const NOTICE = z.object({
  RecordType: z.string(),
  Type: optionalText,
  Email: optionalText,
  Recipient: optionalText,
  Details: optionalText,
  Content: optionalText,
  Metadata: z.record(z.string(), z.string()).nullish(),
});

/** Bounce types that say more than the other server's words; the rest is read from those. */
const TYPES: Record<string, Says> = {
  HardBounce: { reason: 'mailbox_unknown', hard: true },
  BadEmailAddress: { reason: 'mailbox_unknown', hard: true },
  AddressChange: { reason: 'moved', hard: true },
  DnsError: { reason: 'network', hard: false },
  Transient: { reason: 'system_trouble', hard: false },
  SoftBounce: { reason: 'mailbox_full', hard: false },
  SpamNotification: { reason: 'spam', hard: false },
  Blocked: { reason: 'blocked', hard: false },
  DMARCPolicy: { reason: 'authentication', hard: false },
  VirusNotification: { reason: 'virus', hard: false },
};

/** Not bounces at all, though they come as such: automatic answers and challenges. */
const AUTOMATIC = ['AutoResponder', 'ChallengeVerification'];

/**
 * A webhook of Postmark. It names the delivery by a metadata field `envid`, or by the mail that came back, where the
 * webhook is set to include the content of bounces.
 */
export async function readPostmark(text: string): Promise<Returned[]> {
  const read = readJson('Postmark', NOTICE, text);
  const content = read.Content ? await readReturned(Buffer.from(read.Content)) : undefined;
  const named = {
    envid: read.Metadata?.envid ?? content?.envid ?? null,
    original_message_id: content?.original_message_id ?? null,
    original_from: content?.original_from ?? null,
  };
  const address = read.Email ?? read.Recipient ?? null;
  const type = read.Type ?? '';
  switch (read.RecordType) {
    case 'SpamComplaint':
      return [notice('complaint', [complains(address)], named)];
    case 'Delivery':
      return [
        notice('report', [reported(address, 'delivered', { words: read.Details, says: DELIVERED })], named),
      ];
    case 'Bounce':
      if (type === 'SpamComplaint') return [notice('complaint', [complains(address)], named)];
      if (AUTOMATIC.includes(type)) return [notice('automatic', [], named)];
      return [
        notice('report', [reported(address, 'failed', { words: read.Details, says: TYPES[type] })], named),
      ];
    default:
      return [];
  }
}

const DELIVERED: Says = { reason: 'delivered', hard: false };
