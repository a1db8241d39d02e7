import type SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Waits in milliseconds; the defaults are not shorter than RFC 5321 §4.5.3.2 asks. */
export type TimeLimits = {
  connect_ms: number;
  greeting_ms: number;
  /** No byte either way: covers every reply, the one to the final dot included. */
  silence_ms: number;
  /** The whole of one hand-over, against a server that trickles. */
  message_ms: number;
};

export const LIMITS: TimeLimits = {
  connect_ms: 120_000,
  greeting_ms: 300_000,
  silence_ms: 600_000,
  message_ms: 1_200_000,
};

/** After so many, a connection is ended and another one opened: relays spread their load by it. */
export const MESSAGES_PER_CONNECTION = 500;

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

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

/** A server as Nodemailer takes it, and who signs in there. */
export type Server = SMTPConnection.Options & { auth?: { user: string; pass: string } };

/** Nodemailer's options for our time limits. */
export const timeouts = (limits: TimeLimits) => ({
  connectionTimeout: limits.connect_ms,
  greetingTimeout: limits.greeting_ms,
  socketTimeout: limits.silence_ms,
});
