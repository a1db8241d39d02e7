import { absolute, holdsAddress, withAbsoluteAddresses } from './addresses.ts';
import { escapeHtml } from './entities.ts';
import { folded, looksLikeHtml, wordsOf } from './text.ts';
import type { Element } from './xml.ts';

/** A text construct of a feed: HTML with absolute addresses, or plain text. */
type Construct = { html: string } | { text: string };

/** What a text construct says as HTML, or null if it is empty or holds no text at all. */
export function htmlIn(element: Element): string | null {
  const construct = constructOf(element);
  return (construct && ('html' in construct ? construct.html : escapeHtml(construct.text.trim()))) || null;
}

/** What a text construct says in plain words, on one line. */
export function wordsIn(element: Element): string | null {
  const construct = constructOf(element);
  return (construct && ('html' in construct ? wordsOf(construct.html) : folded(construct.text))) || null;
}

/**
 * Reads a text construct however its author labelled it: Atom 1.0's types (RFC 4287 §3.1), Atom 0.3's modes, markup
 * that stands in the XML, and RSS's text that may be HTML.
 */
function constructOf(element: Element): Construct | null {
  const type = (element.attributes.type ?? '').trim().toLowerCase();
  if (element.attributes.src || /^(image|audio|video)\//.test(type)) return null;
  if (element.children.some((child) => typeof child === 'object')) {
    return { html: markupOf(unwrapped(element)) };
  }
  const text = isBase64(element, type) ? fromBase64(textOf(element)) : textOf(element);
  const isMarkup = isHtml(text, type, element);
  return isMarkup ? { html: withAbsoluteAddresses(text.trim(), element.base) } : { text };
}

/** The text of an element and of all that stands in it. */
export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

const VOID = new Set([
  'area',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'param',
  'source',
  'wbr',
]);

function isHtml(text: string, type: string, { attributes, atom }: Element): boolean {
  if (type === 'html' || type === 'text/html') return true;
  if (type === 'text' || type === 'plain' || attributes.mode === 'xml') return false;
  // Atom 1.0: what has no type is text. RSS and Atom 0.3 leave it to the reader
  return !atom && looksLikeHtml(text);
}

const isBase64 = ({ attributes, atom }: Element, type: string): boolean =>
  attributes.mode === 'base64' || (atom && type.includes('/') && !/^text\/|[/+]xml$|html/.test(type));

function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const decoded = bytes.toString('utf8');
  return decoded.includes('\ufffd') || decoded.includes('\0') ? '' : decoded;
}

/** XHTML content stands in one `div` that is not part of it (RFC 4287 §3.1.1.3). */
function unwrapped(element: Element): Element {
  const [only, ...others] = element.children.filter(
    (child) => typeof child === 'object' || child.trim() !== '',
  );
  return typeof only === 'object' && others.length === 0 && only.name === 'xhtml:div' ? only : element;
}

function markupOf(element: Element): string {
  return element.children
    .map((child) => (typeof child === 'string' ? escapeHtml(child) : tagged(child)))
    .join('')
    .trim();
}

function tagged(element: Element): string {
  const name = element.name.slice(element.name.lastIndexOf(':') + 1);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return markupOf(element);
  const attributes = Object.entries(element.attributes)
    .filter(([key]) => /^[a-z][a-z0-9-]*$/.test(key))
    .map(
      ([key, value]) =>
        ` ${key}="${escapeHtml(holdsAddress(key) ? (absolute(value, element.base) ?? value) : value)}"`,
    )
    .join('');
  const inside = element.children
    .map((child) => (typeof child === 'string' ? escapeHtml(child) : tagged(child)))
    .join('');
  // a `<br>` that was never closed holds what followed it
  return VOID.has(name) ? `<${name}${attributes}>${inside}` : `<${name}${attributes}>${inside}</${name}>`;
}
