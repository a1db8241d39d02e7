import type { Verdict } from '../lanes/verdict.ts';

/** About the one mailbox or address (RFC 3463 §3.2, §3.3): full, busy, unknown for now. The server itself has no trouble. */
const OF_ONE_MAILBOX = /^4\d\d[ -]4\.[12]\.\d{1,3}\b/;

/** Whether the server asked for less: 421, or a 4yz that is not about one mailbox. */
export const asksForLess = (verdict: Verdict): boolean =>
  verdict.kind === 'deferred' && !OF_ONE_MAILBOX.test(verdict.reply);
