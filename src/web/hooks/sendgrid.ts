import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { forbidden, invalid } from '../../errors.ts';
import type { HookSite, Receive } from './hook.ts';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

/**
 * The hook of SendGrid, signed with ECDSA on P-256 over the time and the bytes. The time is not held to a window:
 * a replay is the same bytes, and known.
 */
export function openSendgrid({ config }: HookSite): Receive | undefined {
  if (config.SENDGRID_PUBLIC_KEY === undefined) return undefined;
  const key = readKey(config.SENDGRID_PUBLIC_KEY);
  return async ({ body, header }) => {
    const signature = Buffer.from(header(SIGNATURE) ?? '', 'base64');
    const signed = Buffer.concat([Buffer.from(header(TIMESTAMP) ?? ''), body]);
    if (!verify('sha256', signed, { key, dsaEncoding: 'der' }, signature))
      throw forbidden('a notice for SendGrid is not signed with the key of SENDGRID_PUBLIC_KEY');
    return { way: 'sendgrid', form: 'notice', raw: body };
  };
}

function readKey(base64: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch (error) {
    throw invalid(
      'SENDGRID_PUBLIC_KEY is no public key; expected the verification key that SendGrid shows',
      error,
    );
  }
}
