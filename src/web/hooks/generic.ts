import { forbidden } from '../../errors.ts';
import type { HookSite, Receive } from './hook.ts';
import { hmac, isSame, requireLate } from './same.ts';

const WITHIN_HOURS = 1;

/**
 * The hook for whatever we have no other for: a notice in our own JSON, or a returned mail as it is
 * (`message/rfc822`, perhaps with the recipient beside it). `X-Presstime-Signature` is the HMAC-SHA-256 in hexadecimal,
 * under HOOK_SECRET, of `X-Presstime-Timestamp` (Unix seconds), a dot and the bytes.
 */
export function openGeneric({ config, clock }: HookSite): Receive | undefined {
  const key = config.HOOK_SECRET;
  if (key === undefined) return undefined;
  return async ({ body, header }) => {
    const timestamp = header('x-presstime-timestamp') ?? '';
    if (!isSame(hmac(key, `${timestamp}.`, body), header('x-presstime-signature') ?? ''))
      throw forbidden('a notice for the generic hook is not signed with HOOK_SECRET');
    requireLate(timestamp, clock.now(), WITHIN_HOURS);
    const isMail = header('content-type')?.toLowerCase().startsWith('message/rfc822');
    return isMail
      ? { way: 'generic', form: 'mail', raw: body, sent_to: header('x-presstime-recipient') ?? null }
      : { way: 'generic', form: 'notice', raw: body };
  };
}
