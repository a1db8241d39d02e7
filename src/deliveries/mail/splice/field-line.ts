import MimeNode from 'nodemailer/lib/mime-node';
import { invalid } from '../../../errors.ts';
import type { Field } from '../fields.ts';

const LONGEST = 76;
/** A name that needs neither quotes nor encoding (RFC 5322 §3.2.3), single blanks within. */
const PLAIN_NAME = /^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** A name that quotes make safe. */
const QUOTABLE = /^[!-~]+(?: [!-~]+)*$/;
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
  if (!PLAIN_ADDRESS.test(value.address)) return undefined;
  const phrase = quickPhrase(value.name);
  const line = `${key}: ${phrase} <${value.address}>`;
  return phrase !== undefined && line.length <= LONGEST ? line : undefined;
}

/** A name that fits one line: as it stands, in quotes, or as one encoded word (RFC 2047 §2). */
function quickPhrase(name: string): string | undefined {
  if (name === '' || name.includes('=?')) return undefined; // which would begin an encoded word
  if (PLAIN_NAME.test(name)) return name;
  if (QUOTABLE.test(name)) return `"${name.replace(/["\\]/g, '\\$&')}"`;
  return `=?UTF-8?B?${Buffer.from(name).toString('base64')}?=`;
}

/** "Mon, 23 Nov 2026 11:00:00 +0000" (RFC 5322 §3.3). */
function mailDate(at: Date): string {
  const second = Math.floor(at.getTime() / 1000);
  if (second !== last.second) last = { second, date: at.toUTCString().replace('GMT', '+0000') };
  return last.date;
}

/** Messages that leave together carry the same date. */
let last = { second: Number.NaN, date: '' };

function slowLine({ key, value }: Field): string {
  const lines = new MimeNode('text/plain')
    .setHeader(key, value)
    .buildHeaders()
    .split(/\r\n(?![ \t])/);
  const line = lines.find((one) => one.startsWith(`${key}:`));
  if (line === undefined) throw invalid(`the header has no ${key}; expected a value`);
  return Buffer.from(line).toString('latin1');
}
