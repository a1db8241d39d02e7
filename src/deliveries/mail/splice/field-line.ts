import MimeNode from 'nodemailer/lib/mime-node';
import { invalid } from '../../../errors.ts';
import type { Field } from '../fields.ts';

const LONGEST = 76;
/** A name that needs neither quotes nor encoding (RFC 5322 §3.2.3), single blanks within. */
const PLAIN_NAME = /^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/;
const PLAIN_ADDRESS = /^[\w!#$%&'*+/?^`{|}~.-]+@[a-z0-9.-]+$/;

/**
 * A header field as it stands in a message, folded, without its last CRLF, one byte to a character ("latin1"). What
 * needs no encoding is written at once, anything else by Nodemailer. Throws `invalid` for a value that would break
 * its line, or that is empty.
 */
export function fieldLine(field: Field): string {
  const quick = quickLine(field);
  if (quick === undefined) return slowLine(field);
  if (/[\r\n]/.test(quick))
    throw invalid(`${JSON.stringify(quick)} would break the header; expected one line`);
  return quick;
}

function quickLine({ key, value }: Field): string | undefined {
  if (value instanceof Date) return `${key}: ${mailDate(value)}`;
  if (typeof value === 'string') return undefined;
  if ('prepared' in value) return value.foldLines ? undefined : `${key}: ${value.value}`;
  const { name, address } = value;
  // "=?" would begin an encoded word
  if (!PLAIN_NAME.test(name) || name.includes('=?') || !PLAIN_ADDRESS.test(address)) return undefined;
  const line = `${key}: ${name} <${address}>`;
  return line.length <= LONGEST ? line : undefined;
}

/** "Mon, 23 Nov 2026 11:00:00 +0000" (RFC 5322 §3.3). */
const mailDate = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

function slowLine({ key, value }: Field): string {
  const lines = new MimeNode('text/plain')
    .setHeader(key, value)
    .buildHeaders()
    .split(/\r\n(?![ \t])/);
  const line = lines.find((one) => one.startsWith(`${key}:`));
  if (line === undefined) throw invalid(`the header has no ${key}; expected a value`);
  return Buffer.from(line).toString('latin1');
}
