import { buffer } from 'node:stream/consumers';
import type { MailMessage, SentMessageInfo, Transport } from 'nodemailer/lib/mailer';
import type { FastLaneOptions } from './connection-pool.ts';
import { createFastLane } from './fast-lane.ts';
import { type Lane, writeWhole } from './lane.ts';
import { askOffers } from './open-session.ts';
import { LIMITS, serverOf } from './server.ts';
import type { Verdict } from './verdict.ts';

/** Why a recipient did not get the message, in the properties that Nodemailer's own transports use. */
type Rejection = Error & { code: string; recipient: string; response?: string; responseCode?: number };

/**
 * The fast lane as a transport for `nodemailer.createTransport`: whatever Nodemailer composes, plugins and DKIM
 * included, goes out over it, a copy for each recipient. It fails where no recipient was accepted; the error's `code` is
 * `EMESSAGE` for a refusal, and the verdict's kind otherwise.
 */
export function createFastTransport(options: FastLaneOptions): Transport {
  const lane = createFastLane(options);
  return {
    name: 'presstime-fast-lane',
    version: '1.0.0',
    send(mail, done) {
      sendMessage(lane, mail).then(
        (info) => done(null, info),
        (error) => done(error, undefined as never),
      );
    },
    async verify() {
      await askOffers(serverOf(options.smtp_url, options.ca), { ...LIMITS, ...options.limits });
      return true;
    },
    close() {
      void lane.close();
    },
  };
}

async function sendMessage(lane: Lane, mail: MailMessage): Promise<SentMessageInfo> {
  const { from, to } = mail.message.getEnvelope();
  const envelope = { from: from || '', to: [to ?? []].flat() };
  const raw = inCrlf(await buffer(mail.message.createReadStream()));
  const messageId = mail.message.messageId();
  const envid = messageId.replace(/[<>]/g, '').slice(0, 100);
  const verdicts = await Promise.all(
    envelope.to.map((address) =>
      lane.deliver({ from: envelope.from, to: address, envid, ...writeWhole(raw) }),
    ),
  );
  const accepted = envelope.to.filter((_, n) => verdicts[n]?.kind === 'accepted');
  const rejectedErrors = envelope.to.flatMap((address, n) => rejection(address, verdicts[n] as Verdict));
  if (accepted.length === 0) throw rejectedErrors[0] ?? new Error('the message has no recipients');
  const response = verdicts
    .map((verdict) => (verdict.kind === 'accepted' ? verdict.reply : ''))
    .find(Boolean);
  const rejected = rejectedErrors.map(({ recipient }) => recipient);
  return { envelope, messageId, accepted, rejected, rejectedErrors, response };
}

function rejection(recipient: string, verdict: Verdict): Rejection[] {
  if (verdict.kind === 'accepted') return [];
  if ('reply' in verdict) {
    const said = { code: 'EMESSAGE', response: verdict.reply, responseCode: verdict.reply_code };
    return [
      Object.assign(new Error(`${recipient} was ${verdict.kind}: ${verdict.reply}`), { ...said, recipient }),
    ];
  }
  const why = 'error' in verdict ? verdict.error : verdict.reason;
  return [
    Object.assign(new Error(`${recipient} is ${verdict.kind}: ${why}`), { code: verdict.kind, recipient }),
  ];
}

/** Every line end as CRLF (RFC 5321 §2.3.8), one at the end included. */
function inCrlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
