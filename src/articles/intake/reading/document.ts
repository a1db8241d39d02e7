import { invalid } from '../../../errors.ts';
import { linkedom } from '../../../parsers.ts';

const MAX_PAGE_BYTES = 5_000_000;
/** Opening and closing. Long news pages have 4,000 tags on 25 levels; browsers stop at 512 levels. */
const MAX_TAGS = 40_000;
const MAX_DEPTH = 500;
/** The readers after us take time by the product of tags and depth. */
const MAX_WORK = 5_000_000;
const MAX_ENTITIES = 100_000;
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE = 2_000;
const MAX_TITLE = 1_000;
/** Where a browser looks for a charset in the first bytes of a page. */
const PRESCAN_BYTES = 4_096;

/**
 * The bytes of a saved or fetched page as a document with `html`, `head` and `body`, bounded in bytes, tags and
 * depth, so that nothing that reads it can be made to hang. `name` stands in the `invalid` that is thrown otherwise.
 */
export function openDocument(bytes: Uint8Array, name: string, contentType?: string | null): Document {
  requireAtMost(bytes.length, MAX_PAGE_BYTES, `${name} has`, 'bytes');
  const html = decodePage(bytes, contentType);
  const tags = html.split('<').length - 1;
  requireAtMost(tags, MAX_TAGS, `${name} has`, 'tags');
  requireAtMost(html.split('&').length - 1, MAX_ENTITIES, `${name} has`, 'character references');
  const document = parse(html);
  const most = Math.min(MAX_DEPTH, Math.floor(MAX_WORK / tags));
  requireAtMost(depthOf(document.documentElement), most, `${name} nests`, 'levels of elements');
  bound(document, name);
  return document;
}

function requireAtMost(count: number, most: number, subject: string, what: string): void {
  if (count > most) throw invalid(`${subject} ${count} ${what}; a page with at most ${most} was expected`);
}

/** As a browser does (HTML §13.2.3): byte order mark, then the answer's charset, then the page's own, then UTF-8 where valid. */
function decodePage(bytes: Uint8Array, contentType?: string | null): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES));
  const labels = [
    markOf(bytes),
    charsetIn(contentType ?? ''),
    charsetIn(start)?.replace(/^utf-?16.*/i, 'utf-8'),
  ];
  for (const label of labels) {
    const decoder = label && decoderFor(label);
    if (decoder) return decoder.decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function markOf([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xff && b === 0xfe ? 'utf-16le' : undefined;
}

const charsetIn = (text: string): string | undefined =>
  /\bcharset\s{0,9}=\s{0,9}["']?([\w:.-]{2,40})/i.exec(text)?.[1];

function decoderFor(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined; // no such charset
  }
}

/** linkedom does not add the elements that HTML lets a page leave out, and leaves behind `</html>` what comes after. */
function parse(html: string): Document {
  const document = documentOf(html);
  if (isWhole(document)) return document;
  const whole = documentOf('<!doctype html><html><head></head><body></body></html>');
  for (const node of [...document.childNodes]) settle(node, whole);
  return whole;
}

const documentOf = (html: string): Document => linkedom().parseHTML(html).document as unknown as Document;

function isWhole(document: Document): boolean {
  const [root, ...others] = [...document.childNodes].filter(counts);
  if (root?.nodeName !== 'HTML' || others.length > 0) return false;
  const inside = [...root.childNodes].filter(counts).map(({ nodeName }) => nodeName);
  return inside.join() === 'HEAD,BODY';
}

/** Doctypes, comments and white space stand anywhere. */
const counts = (node: Node): boolean =>
  node.nodeType === 1 || (node.nodeType === 3 && /\S/.test(node.nodeValue ?? ''));

const OF_THE_HEAD = ['TITLE', 'META', 'LINK', 'BASE', 'STYLE', 'SCRIPT'];

function settle(node: Node, whole: Document): void {
  if (!counts(node)) return;
  if (['HTML', 'HEAD', 'BODY'].includes(node.nodeName)) {
    if (node.nodeName !== 'HEAD')
      copyAttributes(node as Element, node.nodeName === 'HTML' ? whole.documentElement : whole.body);
    for (const child of [...node.childNodes]) settle(child, whole);
    return;
  }
  const early = OF_THE_HEAD.includes(node.nodeName) && !whole.body.hasChildNodes();
  (early ? whole.head : whole.body).appendChild(node);
}

function copyAttributes(from: Element, to: Element): void {
  for (const { name, value } of [...from.attributes])
    if (!to.hasAttribute(name)) to.setAttribute(name, value);
}

function depthOf(root: Element): number {
  let deepest = 0;
  for (let level: Element[] = [root]; level.length > 0; deepest++)
    level = level.flatMap(({ children }) => [...children]);
  return deepest;
}

/** Readability's patterns take time by the square of an attribute or title; pictures in lazy forms are given their address. */
function bound(document: Document, name: string): void {
  for (const template of document.querySelectorAll('template')) template.remove(); // no text of the page
  for (const element of document.querySelectorAll('*')) {
    if (element.nodeName === 'IMG' || element.nodeName === 'SOURCE') settlePicture(element);
    const attributes = [...element.attributes];
    requireAtMost(attributes.length, MAX_ATTRIBUTES, `${name} has an element with`, 'attributes');
    for (const { name: attribute, value } of attributes.filter(({ value }) => value.length > MAX_ATTRIBUTE)) {
      if (attribute === 'content' || attribute === 'alt')
        element.setAttribute(attribute, value.slice(0, MAX_ATTRIBUTE));
      else element.removeAttribute(attribute);
    }
    if (element.nodeName === 'TITLE' && (element.textContent?.length ?? 0) > MAX_TITLE)
      element.textContent = element.textContent?.slice(0, MAX_TITLE) ?? '';
  }
}

const LAZY = [
  'data-src',
  'data-lazy-src',
  'data-original',
  'data-hi-res-src',
  'data-srcset',
  'data-lazy-srcset',
  'srcset',
];

function settlePicture(element: Element): void {
  const src = element.getAttribute('src')?.trim() ?? '';
  const given = LAZY.map((name) => firstAddress(element.getAttribute(name)));
  const address = src === '' || src.startsWith('data:') ? given.find(Boolean) : src;
  for (const name of LAZY) element.removeAttribute(name);
  if (address) element.setAttribute('src', address);
}

/** The last, widest, of the addresses of a `srcset`, or the one address that there is. */
function firstAddress(value: string | null): string | undefined {
  const last = value?.trim().split(/,\s+/).at(-1)?.trim().split(/\s/, 1)[0];
  return last && !last.startsWith('data:') ? last : undefined;
}
