import { z } from 'zod';
import { complains } from '../reading/complaint.ts';
import type { Returned } from '../reading/returned.ts';
import { notice, optionalText, readJson, reported } from './notice.ts';

const NOTICE = z.object({
  kind: z.enum(['bounce', 'complaint', 'delayed', 'delivered']),
  recipient: optionalText,
  /** What the other server said, and its enhanced code. */
  words: optionalText,
  status: optionalText,
  /** At least one of our marks. */
  return_path: optionalText,
  envid: optionalText,
  message_id: optionalText,
});

/** A notice in a shape of our own, for relays that we have no reader for (docs/bounces.md). */
export function readGeneric(text: string): Returned[] {
  const { kind, recipient = null, words, status, ...marks } = readJson('the generic hook', NOTICE, text);
  const named = {
    envid: marks.envid ?? null,
    original_from: marks.return_path ?? null,
    original_message_id: marks.message_id ?? null,
  };
  if (kind === 'complaint') return [notice('complaint', [complains(recipient)], named)];
  return [
    notice('report', [reported(recipient, kind === 'bounce' ? 'failed' : kind, { words, status })], named),
  ];
}
