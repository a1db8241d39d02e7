import { z } from 'zod';
import { forbidden, invalid } from '../../errors.ts';
import type { HookSite, Receive } from './hook.ts';
import { hmac, isSame, requireLate } from './same.ts';

const SIGNED = z.object({
  signature: z.object({ timestamp: z.string(), token: z.string().min(1).max(200), signature: z.string() }),
});

/** Mailgun tries again for eight hours. */
const WITHIN_HOURS = 12;

/**
 * The hook of Mailgun. Its signature covers a time and a token, not the notice: so the token is the key of what is
 * stored, and works once.
 */
export function openMailgun({ config, clock }: HookSite): Receive | undefined {
  const key = config.MAILGUN_SIGNING_KEY;
  if (key === undefined) return undefined;
  return async ({ body }) => {
    const { timestamp, token, signature } = read(body);
    if (!isSame(hmac(key, timestamp, token), signature))
      throw forbidden('a notice for Mailgun is not signed with MAILGUN_SIGNING_KEY');
    requireLate(timestamp, clock.now(), WITHIN_HOURS);
    return { way: 'mailgun', form: 'notice', raw: body, key: token };
  };
}

function read(body: Buffer): z.output<typeof SIGNED>['signature'] {
  try {
    return SIGNED.parse(JSON.parse(body.toString('utf8'))).signature;
  } catch (error) {
    throw invalid('this is no signed notice of Mailgun', error);
  }
}
