import { decodeHTMLStrict } from 'entities';

/** XHTML 1.0 and HTML 5 disagree about two names; a feed is XML. */
const XHTML = new Map([
  ['lang', '\u2329'],
  ['rang', '\u232a'],
]);

const REFERENCE = /&(#?[\w.-]{1,40});/g;

/** Text with its character references resolved once: numbers, the names of XML and HTML, and those in `declared`. */
export function resolveReferences(text: string, declared: ReadonlyMap<string, string> = XHTML): string {
  if (!text.includes('&')) return text;
  return text.replace(
    REFERENCE,
    (reference, name: string) => declared.get(name) ?? XHTML.get(name) ?? decodeHTMLStrict(reference),
  );
}

/** Text as it stands in HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');

const PROLOG_PART = /\s*(?:<\?[\s\S]*?\?>|<!--[\s\S]*?-->)/y;
const DOCTYPE = /\s*<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>/iy;
const DECLARATION = /<!ENTITY\s+([\w.-]+)\s+(?:"([^"<&%]*|&#\w+;)"|'([^'<&%]*|&#\w+;)')\s*>/g;
/** By how many characters declared entities may make a document longer; with more they are left unresolved. */
const MOST_GROWTH = 100_000;

/**
 * Takes the document type out of an XML document and returns the entities it declares. Only plain values count, and
 * only while they do not blow the document up: a small document must not become an enormous one.
 */
export function takeDoctype(document: string): { xml: string; declared: ReadonlyMap<string, string> } {
  let at = 0;
  for (PROLOG_PART.lastIndex = 0; PROLOG_PART.test(document); ) at = PROLOG_PART.lastIndex;
  DOCTYPE.lastIndex = at;
  const doctype = DOCTYPE.exec(document)?.[0];
  if (!doctype) return { xml: document, declared: XHTML };
  const xml = document.slice(0, at) + document.slice(at + doctype.length);
  const declared = new Map(
    [...doctype.matchAll(DECLARATION)].map(([, name, double, single]) => [
      name as string,
      resolveReferences(double ?? single ?? ''),
    ]),
  );
  return { xml, declared: growth(xml, declared) > MOST_GROWTH ? XHTML : declared };
}

function growth(xml: string, declared: ReadonlyMap<string, string>): number {
  let total = 0;
  if (declared.size > 0)
    for (const [, name] of xml.matchAll(REFERENCE)) total += declared.get(name as string)?.length ?? 0;
  return total;
}
