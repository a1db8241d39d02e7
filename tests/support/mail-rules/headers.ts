import type { Rules } from '../mail-rules.ts';
import { headerOf, type RawField, type RawMail } from '../raw-mail.ts';

const ONCE = ['from', 'to', 'date', 'message-id', 'subject', 'mime-version'];
const ONCE_ON_LISTS = ['list-unsubscribe', 'list-unsubscribe-post', 'list-id'];
const DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (?:[+-](?:0\d|1[0-4])[0-5]\d)$/;
const WORD = /=\?([^?\s]+)\?([BQ])\?([^?\s]*)\?=/gi;
const LONGEST_WORD = 75;
const FIVE_MINUTES_MS = 300_000;

/** M3 to M7, M13 to M16, M18: the header. */
export function checkHeaders({ head, fields }: RawMail, rules: Rules): string[] {
  const { kind, domain, session, unsubscribable = kind === 'edition' } = rules;
  const value = (name: string) => headerOf(fields, name);
  const wanted = [
    ...ONCE,
    ...(unsubscribable ? ONCE_ON_LISTS : []),
    ...(kind === 'edition' ? ['feedback-id'] : []),
  ];
  return [
    ...wanted
      .filter((name) => count(fields, name) !== 1)
      .map((name) => `M3 ${count(fields, name)} ${name} instead of one`),
    ...checkMessageId(value('message-id'), domain),
    ...checkDate(value('date'), session.at),
    ...(unsubscribable
      ? checkUnsubscribe(value('list-unsubscribe'), value('list-unsubscribe-post'), rules)
      : []),
    ...checkFrom(value('from'), domain),
    ...checkWords(head, fields, session.smtputf8),
    ...checkReturnPath(session.mail_from, value('from'), domain),
    ...checkAutomatic(value('auto-submitted'), value('precedence'), kind),
    ...(kind === 'edition' ? checkFeedbackId(value('feedback-id'), session.rcpt_to) : []),
  ];
}

const count = (fields: RawField[], name: string): number =>
  fields.filter((field) => field.name === name).length;

function checkMessageId(id: string, domain: string): string[] {
  const [, at] = /^<[^<>@\s]+@([^<>@\s]+)>$/.exec(id) ?? [];
  if (!at) return [`M4 the Message-ID is ${id || 'missing'}`];
  return at === domain || at.endsWith(`.${domain}`) ? [] : [`M4 the Message-ID ${id} is not of ${domain}`];
}

function checkDate(date: string, at: Temporal.Instant): string[] {
  if (!DATE.test(date)) return [`M5 the date ${date || 'missing'} is not one of RFC 5322`];
  const off = Math.abs(Date.parse(date) - at.epochMilliseconds);
  return off <= FIVE_MINUTES_MS ? [] : [`M5 the date ${date} is ${Math.round(off / 1000)} s off`];
}

function checkUnsubscribe(list: string, post: string, { local }: Rules): string[] {
  const faults =
    post === 'List-Unsubscribe=One-Click' ? [] : [`M7 List-Unsubscribe-Post is ${post || 'missing'}`];
  const uris = list.split(',').map((one) => /^\s*<([^<>\s]+)>\s*$/.exec(one)?.[1] ?? '');
  const web = uris.filter((uri) => (local ? /^https?:\/\// : /^https:\/\//).test(uri));
  const mailto = uris.filter((uri) => /^mailto:/.test(uri));
  if (web.length !== 1 || uris[0] !== web[0])
    faults.push(`M6 List-Unsubscribe does not open with its one https address: ${list}`);
  if (mailto.length > 1 || web.length + mailto.length !== uris.length)
    faults.push(`M6 List-Unsubscribe holds something else: ${list}`);
  return faults;
}

function checkFrom(from: string, domain: string): string[] {
  const [, phrase = '', address] = /^(.*?)<([^<>\s,]+@[^<>\s,]+)>$/.exec(from) ?? ['', '', from];
  const name = decodeWords(phrase).trim();
  const bare = phrase.trim().replace(/^"(?:[^"\\]|\\.)*"$/, '');
  return [
    ...(address?.endsWith(`@${domain}`) && !/[\s,;]/.test(address)
      ? []
      : [`M13 From is not one address of ${domain}: ${from}`]),
    ...(name.includes('@') ? [`M13 the name in From has an @: ${name}`] : []),
    ...(/[(),:;<>@[\]\\"]/.test(bare.replace(WORD, ''))
      ? [`M13 the name in From is not quoted: ${from}`]
      : []),
  ];
}

/** M14: ASCII alone; encoded words short, and each whole characters by itself. */
function checkWords(head: string, fields: RawField[], smtputf8: boolean): string[] {
  const faults =
    /[^\t\r\n -~]/.test(head) && !smtputf8 ? ['M14 a header byte outside ASCII without SMTPUTF8'] : [];
  for (const { name, value } of fields)
    for (const [word, charset = '', encoding = '', text = ''] of value.matchAll(WORD)) {
      if (word.length > LONGEST_WORD)
        faults.push(`M14 an encoded word of ${word.length} characters in ${name}`);
      if (!/^utf-8$/i.test(charset)) faults.push(`M14 an encoded word in ${charset} in ${name}`);
      else if (decodeWord(encoding, text) === undefined)
        faults.push(`M14 an encoded word in ${name} splits a character`);
    }
  return faults;
}

function checkReturnPath(mailFrom: string, from: string, domain: string): string[] {
  const at = mailFrom.slice(mailFrom.lastIndexOf('@') + 1);
  return [
    ...(/^[^@\s]+\+[^@\s]{16,}@/.test(mailFrom)
      ? []
      : [`M15 the return path ${mailFrom || '<>'} is not signed for one delivery`]),
    ...(from.includes(mailFrom) && mailFrom !== '' ? ['M15 the return path is the From'] : []),
    ...(at === domain || at.endsWith(`.${domain}`)
      ? []
      : [`M12 the return path is of ${at}, not of ${domain}`]),
  ];
}

function checkAutomatic(auto: string, precedence: string, kind: Rules['kind']): string[] {
  if (auto === 'auto-generated' || (kind === 'edition' && precedence === 'bulk')) return [];
  return [`M16 a ${kind} with Auto-Submitted: ${auto || 'none'}, Precedence: ${precedence || 'none'}`];
}

function checkFeedbackId(id: string, readers: string[]): string[] {
  const fields = id.split(':');
  const wellFormed =
    fields.length === 4 && fields.every((one) => /^[\w.-]+$/.test(one)) && /^.{5,15}$/.test(fields[3] ?? '');
  const personal = readers.some(
    (reader) =>
      id.toLowerCase().includes((reader.split('@')[0] ?? '').toLowerCase()) && reader.indexOf('@') > 3,
  );
  return [
    ...(wellFormed ? [] : [`M18 Feedback-ID is ${id || 'missing'}`]),
    ...(personal ? [`M18 Feedback-ID tells of the reader: ${id}`] : []),
  ];
}

/** A header value with its encoded words decoded; a space between two of them is none. */
export function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(WORD, (whole, _charset, encoding: string, text: string) => decodeWord(encoding, text) ?? whole);
}

function decodeWord(encoding: string, text: string): string | undefined {
  const bytes =
    encoding.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64')
      : Buffer.from(
          text
            .replaceAll('_', ' ')
            .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
