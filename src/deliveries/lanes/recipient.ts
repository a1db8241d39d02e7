import { domainToASCII, domainToUnicode } from 'node:url';
import { invalid } from '../../errors.ts';

/** Readers share their domains, and reading one takes longer than the rest of an address. */
const known = new Map<string, string>();
const MOST_KNOWN = 1000;

/** What may stand in RCPT TO without quoting (RFC 5321 §4.1.2), any script allowed (RFC 6531 §3.3). */
const LOCAL_PART = /^(?:"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])+"|[^\s\p{Cc}"(),:;<>@[\\\]]+)$/u;
const LONGEST_LOCAL_PART = 64;

/**
 * `address` as it must stand in RCPT TO: the local part untouched, the domain as A-label, or as U-label where the local
 * part needs SMTPUTF8 anyway. Throws `invalid` for anything that is not exactly one address.
 */
export function recipientOf(address: string): string {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const ascii = asciiOf(domain);
  const isAddress =
    at > 0 && LOCAL_PART.test(local) && Buffer.byteLength(local) <= LONGEST_LOCAL_PART && ascii !== '';
  if (!isAddress) throw invalid(`${JSON.stringify(address)} is not one address that mail can be sent to`);
  return `${local}@${needsSmtpUtf8(address) ? domainToUnicode(ascii) : ascii}`;
}

/** Whether `address` is exactly one address that mail can be sent to. */
export function isRecipient(address: string): boolean {
  try {
    recipientOf(address);
    return true;
  } catch {
    return false;
  }
}

/** Whether only a server with SMTPUTF8 (RFC 6531) can take mail for `address`: its local part is not ASCII. */
export function needsSmtpUtf8(address: string): boolean {
  return /[^\p{ASCII}]/u.test(address.slice(0, address.lastIndexOf('@')));
}

function asciiOf(domain: string): string {
  if (known.size >= MOST_KNOWN) known.clear();
  return known.getOrInsertComputed(domain, domainToASCII);
}
