import type { Verdict } from '../lanes/verdict.ts';

/** Whether a refusal is about the one mailbox or address (RFC 3463 §3.2, §3.3): full, busy, unknown. The server itself has no trouble. */
export const isOfOneMailbox = (reply: string): boolean => /^[45]\d\d[ -][45]\.[12]\.\d{1,3}\b/.test(reply);

/** Whether the server asked for less: 421, or a 4yz that is not about one mailbox. */
export const asksForLess = (verdict: Verdict): boolean =>
  verdict.kind === 'deferred' && !isOfOneMailbox(verdict.reply);
