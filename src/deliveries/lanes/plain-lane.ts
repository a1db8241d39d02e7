import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { messageOf } from '../../errors.ts';
import { type Lane, type OutgoingMail, readWhole } from './lane.ts';
import { needsSmtpUtf8, recipientOf } from './recipient.ts';
import { readReply, type Verdict } from './verdict.ts';

/** Waits in milliseconds; the defaults are not shorter than RFC 5321 §4.5.3.2 asks. */
export type TimeLimits = {
  connect_ms: number;
  greeting_ms: number;
  /** No byte either way: covers every reply, the one to the final dot included. */
  silence_ms: number;
  /** The whole of one hand-over, against a server that trickles. */
  message_ms: number;
};

const LIMITS: TimeLimits = {
  connect_ms: 120_000,
  greeting_ms: 300_000,
  silence_ms: 600_000,
  message_ms: 1_200_000,
};
const MESSAGES_PER_CONNECTION = 500;
const PIECE_BYTES = 16_384;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** How far one hand-over got; `dot` from the moment the final dot may have left. */
type Progress = { to: string; phase: 'envelope' | 'dot'; leaving?: (() => void) | undefined };
type Failure = Error & { response?: string; responseCode?: number; command?: string };

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
  const server = { ...serverOf(smtp_url, ca), ...timeouts(waits) };
  const transport = nodemailer.createTransport({
    ...server,
    pool: true,
    maxConnections: connections,
    maxMessages: MESSAGES_PER_CONNECTION,
    maxRequeues: 0, // whether to try again depends on the phase, which only this lane knows
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const underWay = new WeakMap<object, Progress>();
  let extensions: Promise<string[]> | undefined;

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
      return readReply(info.response);
    } catch (error) {
      return verdictOf(error as Failure, progress);
    }
  };

  return {
    connections,
    async deliver(mail) {
      const to = recipientOf(mail.to);
      if (needsSmtpUtf8(to)) {
        extensions ??= readExtensions(server);
        const offered = await extensions.catch((error) => ({ error: messageOf(error) }));
        if ('error' in offered) {
          extensions = undefined;
          return { kind: 'unsent', ...offered };
        }
        if (!offered.includes('SMTPUTF8')) return { kind: 'undeliverable', reason: 'undeliverable-i18n' };
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

/** A reply to one of the transaction's own commands is about the message; anything else is judged by the phase. */
function verdictOf(error: Failure, progress: Progress): Verdict {
  const inTransaction = /^(MAIL FROM|RCPT TO|DATA)$/.test(error.command ?? '');
  const says = error.responseCode ?? 0;
  if (error.response && says >= 400 && says < 600) {
    const verdict = readReply(error.response);
    if (inTransaction || progress.phase === 'dot' || verdict.kind === 'refused') return verdict;
  }
  return { kind: progress.phase === 'dot' ? 'doubtful' : 'unsent', error: messageOf(error) };
}

/** Nodemailer's options for the server of an smtp:// or smtps:// address. */
export function serverOf(smtp_url: string, ca?: string) {
  const url = new URL(smtp_url);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const user = decodeURIComponent(url.username);
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...(LOOPBACK.test(host) && !ca ? { ignoreTLS: true } : { requireTLS: !secure }),
    ...(ca ? { tls: { ca } } : {}),
    ...(user ? { auth: { user, pass: decodeURIComponent(url.password) } } : {}),
  };
}

const timeouts = (limits: TimeLimits) => ({
  connectionTimeout: limits.connect_ms,
  greetingTimeout: limits.greeting_ms,
  socketTimeout: limits.silence_ms,
});

/** What the server offers in EHLO, asked for once where an address needs it: Nodemailer would send regardless. */
function readExtensions(server: SMTPConnection.Options): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection(server) as SMTPConnection & { _supportedExtensions: string[] };
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('the server closed the connection before EHLO')));
    connection.connect((error) => {
      if (error) return reject(error);
      resolve([...connection._supportedExtensions]);
      connection.quit();
    });
  });
}
