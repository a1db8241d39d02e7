import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import { type Lane, type OutgoingMail, readWhole, tellAnswer } from './lane.ts';
import type { Offers } from './offers.ts';
import { askOffers } from './open-session.ts';
import { needsSmtpUtf8, recipientOf } from './recipient.ts';
import { LIMITS, MESSAGES_PER_CONNECTION, serverOf, type TimeLimits, timeouts } from './server.ts';
import { type Failure, readFailure, readReply, type Verdict } from './verdict.ts';

const PIECE_BYTES = 16_384;

/** How far one hand-over got; `dot` from the moment the final dot may have left. */
type Progress = { to: string; phase: 'envelope' | 'dot'; leaving?: (() => void) | undefined };

/**
 * Nodemailer's pooled transport to the server of `smtp_url`: any server, any authentication. TLS is required and its
 * certificate checked, but for a server on this machine without a `ca`: the authority to check against.
 */
export function createPlainLane({
  smtp_url,
  connections = 4,
  limits = LIMITS,
  ca,
}: {
  smtp_url: string;
  connections?: number;
  limits?: Partial<TimeLimits>;
  ca?: string;
}): Lane {
  const waits = { ...LIMITS, ...limits };
  const server = serverOf(smtp_url, ca);
  const transport = nodemailer.createTransport({
    ...server,
    ...timeouts(waits),
    pool: true,
    maxConnections: connections,
    maxMessages: MESSAGES_PER_CONNECTION,
    maxRequeues: 0, // whether to try again depends on the phase, which only this lane knows
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const underWay = new WeakMap<object, Progress>();
  let offers: Promise<Offers> | undefined;

  transport.use('stream', (mail, done) => {
    const progress = underWay.get(mail.data.raw as Readable) as Progress;
    const { to } = mail.message.getEnvelope();
    if (to?.length !== 1 || to[0] !== progress.to)
      return done(new Error(`the envelope holds ${JSON.stringify(to)} instead of the one reader`));
    mail.message.processFunc((input) =>
      input.once('end', () => {
        progress.phase = 'dot';
        progress.leaving?.();
      }),
    );
    done();
  });

  const handOver = async (mail: OutgoingMail, to: string): Promise<Verdict> => {
    const progress: Progress = { to, phase: 'envelope', leaving: mail.leaving };
    const raw = Readable.from(pieces(readWhole(mail)), { objectMode: false });
    underWay.set(raw, progress);
    try {
      const info = await transport.sendMail({
        raw,
        envelope: { from: mail.from, to: [{ name: '', address: to }] },
        dsn: { ret: 'HDRS', envid: mail.envid, notify: ['FAILURE', 'DELAY'] },
        signal: AbortSignal.timeout(waits.message_ms),
      });
      return tellAnswer(mail, readReply(info.response));
    } catch (error) {
      return tellAnswer(mail, readFailure(error as Failure, progress.phase));
    }
  };

  return {
    connections,
    async deliver(mail) {
      const to = recipientOf(mail.to);
      if (needsSmtpUtf8(to)) {
        offers ??= askOffers(server, waits);
        const offered = await offers.catch((error: Failure) => readFailure(error, 'envelope'));
        if ('kind' in offered) {
          offers = undefined;
          return offered;
        }
        if (!offered.smtputf8) return { kind: 'undeliverable', reason: 'undeliverable-i18n' };
      }
      const verdict = await handOver(mail, to);
      return verdict.kind === 'unsent' ? handOver(mail, to) : verdict; // an idle connection that the server had left
    },
    async close() {
      transport.close();
    },
  };
}

/** In one piece, the end of a message would seem to have left as soon as its beginning has. */
function* pieces(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += PIECE_BYTES) yield raw.subarray(at, at + PIECE_BYTES);
}
