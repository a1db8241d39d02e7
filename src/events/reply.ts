import { statusIn } from './reading/codes.ts';
import { diagnose, isHard } from './reading/diagnose.ts';
import type { Recipient } from './reading/returned.ts';

/**
 * Why a mail server said no, read from its reply alone; `status` is the enhanced code (RFC 3463) where it is known from
 * elsewhere. A reply that puts off (4yz, 4.x.x) is never hard.
 */
export function reasonOfReply(
  reply: string,
  status: string | null = null,
): Pick<Recipient, 'reason' | 'hard' | 'status' | 'reply_code'> {
  const code = status ?? statusIn(reply);
  const reply_code = Number(/^\D{0,8}([245]\d\d)\b/.exec(reply)?.[1] ?? Number.NaN) || null;
  const reason = diagnose({
    said: reply === '' ? [] : [reply],
    told: [],
    status: code,
    reply_code,
    command: null,
  });
  const isPassing = code?.startsWith('4') || (reply_code !== null && reply_code < 500);
  return { reason, hard: isHard(reason) && !isPassing, status: code, reply_code };
}
