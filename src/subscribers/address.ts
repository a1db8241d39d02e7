import { domainToASCII } from 'node:url';
import { invalid } from '../errors.ts';

/**
 * An address we can write to. `text` is what is stored and handed to the mail server: the local part as typed,
 * the domain in lower case and in its ASCII form (A-labels), so that what we keep and what we send are the same bytes.
 */
export type Address = { text: string; local: string; domain: string };

/** Octets, of the local part, the domain and the whole (RFC 5321 §4.5.3.1, with the angle brackets of a path taken off). */
const LONGEST = { local: 64, domain: 253, address: 254 };

/** RFC 5322 §3.2.3 atext, and beyond ASCII (RFC 6532 §3.2) what can be seen: no controls, no blanks, no direction marks. */
const ATOM =
  /^(?:[\w!#$%&'*+/=?^`{|}~-]|(?![\p{C}\p{Z}])[^\p{ASCII}]|(?<=[^\p{ASCII}])[\u200c\u200d](?=[^\p{ASCII}]))+$/u;
/** RFC 1123 §2.1, RFC 5890 §2.3.1: letters, digits and inner hyphens, at most 63. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ODD_IN_DOMAIN = /(?![a-z0-9.-])\p{ASCII}/iu;

/**
 * Reads one plain address: a dot-atom, `@`, a public domain name; letters of any script on either side. Blanks
 * around it are dropped. Quoted local parts, comments and bracketed IP addresses are lawful but not taken:
 * no reader has one. Throws `invalid` with the value and what is wrong.
 */
export function parseAddress(text: string): Address {
  const typed = text.replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, '');
  const wrong = whatIsWrong(typed);
  if (wrong) throw refused(typed, wrong);
  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, at);
  const domain = asciiDomain(typed.slice(at + 1));
  const problem = localProblem(local) ?? domainProblem(domain);
  if (problem) throw refused(typed, problem);
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > LONGEST.address)
    throw refused(typed, `it is longer than ${LONGEST.address} bytes`);
  return { text: address, local, domain };
}

function whatIsWrong(typed: string): string | undefined {
  if (typed === '') return 'it is empty';
  if (/[\r\n\u2028\u2029]/.test(typed)) return 'it has a line break';
  if (/\p{Cc}/u.test(typed)) return 'it has a control character';
  if (/\p{Z}/u.test(typed)) return 'it has a blank';
  if (typed.includes('"')) return 'quotation marks are not taken';
  if (/[()]/.test(typed)) return 'comments in parentheses are not taken';
  const ats = typed.split('@').length - 1;
  if (ats !== 1) return ats === 0 ? 'it has no @' : 'it has more than one @';
  return undefined;
}

function localProblem(local: string): string | undefined {
  if (local === '') return 'nothing stands before the @';
  if (Buffer.byteLength(local) > LONGEST.local) return `more than ${LONGEST.local} bytes stand before the @`;
  const atoms = local.split('.');
  if (atoms.includes('')) return 'a dot stands at an end or beside another before the @';
  if (!atoms.every((atom) => ATOM.test(atom))) return 'a character before the @ is not one of an address';
  return undefined;
}

function domainProblem(domain: string): string | undefined {
  if (domain === '') return 'no domain name stands after the @';
  if (domain.length > LONGEST.domain) return `the domain is longer than ${LONGEST.domain} bytes`;
  const labels = domain.split('.');
  if (labels.includes('')) return 'a dot stands at an end of the domain or beside another';
  if (!labels.every((label) => LABEL.test(label))) return 'the domain has a part that is no name';
  if (labels.length === 1) return 'the domain has no dot';
  if (/^\d+$/.test(labels.at(-1) as string)) return 'the domain ends in a number';
  return undefined;
}

/** The domain in lower case and A-labels; as it is where it cannot be one, for `domainProblem` to name. */
function asciiDomain(domain: string): string {
  if (ODD_IN_DOMAIN.test(domain)) return domain;
  const lower = domain.toLowerCase();
  return /[^\p{ASCII}]|xn--/u.test(lower) ? domainToASCII(lower) || domain : lower;
}

function refused(typed: string, wrong: string) {
  const shown = JSON.stringify(typed.length > 80 ? `${typed.slice(0, 80)}…` : typed).replace(
    /[\p{Cf}\p{Zl}\p{Zp}]/gu,
    (unseen) => `\\u${(unseen.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );
  return invalid(
    `${shown} is not an address we can write to: ${wrong}; expected one such as ann@example.org`,
  );
}
