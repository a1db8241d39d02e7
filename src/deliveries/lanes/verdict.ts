import { messageOf } from '../../errors.ts';

/**
 * What became of one hand-over. The kinds keep "never taken" apart from "maybe taken":
 * `accepted` the server answered the final dot with 2yz, the only evidence of delivery;
 * `deferred` it said not now (4yz); `failed` it said no to the reader or the message (5yz);
 * `refused` it said no to us (5.7.x); `unsent` the connection was lost, or never made, before the final dot;
 * `doubtful` it was lost after it; `undeliverable` there is no way to such an address, and nothing was sent.
 */
export type Verdict =
  | Answer
  | { kind: 'unsent' | 'doubtful'; error: string }
  | { kind: 'undeliverable'; reason: 'undeliverable-i18n' | 'not an address' };

/** A verdict in the server's own words. */
export type Answer = {
  kind: 'accepted' | 'deferred' | 'failed' | 'refused';
  reply: string;
  reply_code: number;
};

const FOR_POLICY = /^(?:\d{3}[ -]5\.7\.\d{1,3}\b|530\b)/;
const LONGEST_REPLY = 500;

/**
 * The verdict in the server's reply to MAIL, RCPT, DATA or the final dot. A refusal for policy (enhanced status 5.7.x,
 * RFC 3463 §3.8; 530: sign in first, RFC 4954 §6) speaks of the sender: authentication, reputation, relaying.
 */
export function readReply(text: string): Verdict {
  const reply = text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_REPLY);
  const reply_code = Number.parseInt(reply.slice(0, 3), 10);
  if (reply_code >= 200 && reply_code < 300) return { kind: 'accepted', reply, reply_code };
  if (reply_code >= 500 && reply_code < 600)
    return { kind: FOR_POLICY.test(reply) ? 'refused' : 'failed', reply, reply_code };
  return { kind: 'deferred', reply, reply_code };
}

/** Nodemailer's error: what the server said, if anything, and to which command. */
export type Failure = Error & { response?: string; responseCode?: number; command?: string };

/**
 * The verdict in Nodemailer's error for a hand-over that had got to `phase`, `dot` from the moment the final dot may have
 * left. A reply to one of the transaction's own commands is about the message; anything else is judged by the phase.
 */
export function readFailure(error: Failure, phase: 'envelope' | 'dot'): Verdict {
  const inTransaction = /^(MAIL FROM|RCPT TO|DATA)$/.test(error.command ?? '');
  const says = error.responseCode ?? 0;
  if (error.response && says >= 400 && says < 600) {
    const verdict = readReply(error.response);
    if (inTransaction || phase === 'dot' || verdict.kind === 'refused') return verdict;
  }
  return { kind: phase === 'dot' ? 'doubtful' : 'unsent', error: messageOf(error) };
}
