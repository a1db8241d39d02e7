import { parseHTML } from 'linkedom';
import type { Rules } from '../mail-rules.ts';
import { wordOverlap } from '../overlap.ts';
import { headerOf, type RawMail, type RawPart } from '../raw-mail.ts';
import { visibleText } from '../visible-text.ts';

const HTML_BYTES = 102_000;
const TOTAL_BYTES = 150_000;
const LEAST_OVERLAP = 0.8;
const WHY = /\byou(?:r|'re)?\b[^.]*\b(?:subscri|trial|receive|get|asked|given|signed)/i;

/** M19 to M22: the two parts. */
export function checkBody(raw: Buffer, { fields, parts }: RawMail, rules: Rules): string[] {
  const [text, html, ...more] = parts;
  const structure = /^multipart\/alternative\b/i.test(headerOf(fields, 'content-type'));
  if (
    !structure ||
    !text ||
    !html ||
    more.length > 0 ||
    text.type !== 'text/plain' ||
    html.type !== 'text/html'
  )
    return [
      `M19 not multipart/alternative of text/plain and text/html: ${parts.map(({ type }) => type).join(', ') || 'no parts'}`,
    ];
  return [
    ...checkAlternatives(text, html),
    ...checkSizes(raw, html),
    ...checkMarkup(html.decoded, rules),
    ...checkIdentity(text.decoded, html.decoded, headerOf(fields, 'list-unsubscribe'), rules),
  ];
}

function checkAlternatives(text: RawPart, html: RawPart): string[] {
  const empty = [text, html].filter(({ decoded }) => decoded.trim() === '');
  const overlap = wordOverlap(text.decoded, html.decoded);
  const foreign = [text, html].filter(({ charset }) => !/^utf-8$/i.test(charset));
  const broken = [text, html].filter(({ decoded }) => decoded.includes('\uFFFD'));
  return [
    ...empty.map(({ type }) => `M19 an empty ${type}`),
    ...foreign.map(({ type, charset }) => `M19 ${type} in ${charset || 'no charset'}`),
    ...broken.map(({ type }) => `M19 ${type} has broken characters`),
    ...[text, html]
      .filter(({ encoded }) => /[^\t\r\n -~]/.test(encoded))
      .map(({ type }) => `M19 ${type} has bytes outside ASCII`),
    ...(overlap >= LEAST_OVERLAP ? [] : [`M19 the parts share only ${overlap.toFixed(2)} of their words`]),
  ];
}

function checkSizes(raw: Buffer, html: RawPart): string[] {
  const bytes = Buffer.byteLength(html.encoded, 'latin1');
  return [
    ...(bytes < HTML_BYTES ? [] : [`M20 the HTML has ${bytes} bytes`]),
    ...(raw.length < TOTAL_BYTES ? [] : [`M20 the message has ${raw.length} bytes`]),
  ];
}

function checkMarkup(html: string, { local }: Rules): string[] {
  const { document } = parseHTML(html);
  const elements = [...document.querySelectorAll('*')];
  const forbidden = elements.filter(({ tagName }) =>
    /^(script|form|iframe|object|embed|input|button)$/i.test(tagName),
  );
  const handlers = elements.flatMap(({ attributes }) =>
    [...attributes].filter(({ name }) => /^on/i.test(name)),
  );
  const addresses = elements.flatMap((element) =>
    ['href', 'src', 'action', 'background', 'srcset', 'poster']
      .map((name) => element.getAttribute(name))
      .filter((value) => value !== null)
      .map((value) => ({ value, link: element.tagName === 'A' })),
  );
  return [
    ...forbidden.map(({ tagName }) => `M21 a <${tagName.toLowerCase()}>`),
    ...handlers.map(({ name }) => `M21 an attribute ${name}`),
    ...(/javascript:|data:text\/html/i.test(html) ? ['M21 javascript: or data:text/html'] : []),
    ...addresses
      .filter(({ value, link }) => !isAllowed(value, link, local))
      .map(({ value }) => `M21 an address that is not allowed: ${value}`),
  ];
}

function isAllowed(address: string, link: boolean, local = false): boolean {
  if (link && /^mailto:[^\s@]+@[^\s@]+$/.test(address)) return true;
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  const hostOk = local ? hostname !== '' : /^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(hostname);
  return (protocol === 'https:' || (local && protocol === 'http:')) && username === '' && hostOk;
}

function checkIdentity(
  text: string,
  html: string,
  list: string,
  { postal_address, why = WHY }: Rules,
): string[] {
  const said = { text: squeeze(text), HTML: squeeze(visibleText(html)) };
  const oneClick = /<([^<>\s]+)>/.exec(list)?.[1];
  const links = [...parseHTML(html).document.querySelectorAll('a')].filter((link) =>
    /unsubscribe/i.test(link.textContent ?? ''),
  );
  const hrefs = links.map((link) => link.getAttribute('href') ?? '');
  const wanted = oneClick ? [oneClick] : hrefs.slice(0, 1);
  return [
    ...Object.entries(said).flatMap(([part, words]) => [
      ...(/unsubscribe/i.test(words) ? [] : [`M22 no word of unsubscribing in the ${part}`]),
      ...(postal_address && !words.includes(squeeze(postal_address))
        ? [`M22 no postal address in the ${part}`]
        : []),
      ...((typeof why === 'string' ? words.includes(squeeze(why)) : why.test(words))
        ? []
        : [`M22 no reason for receiving in the ${part}`]),
    ]),
    ...(hrefs.length > 0 && wanted.every((url) => hrefs.includes(url))
      ? []
      : ['M22 no visible unsubscribe link in the HTML']),
    ...(wanted.length > 0 && wanted.every((url) => text.replace(/\s+/g, '').includes(url))
      ? []
      : ['M22 no unsubscribe address in the text']),
  ];
}

const squeeze = (text: string): string => text.replace(/[\u2066-\u2069]/g, '').replace(/\s+/g, ' ');
