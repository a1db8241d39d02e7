import { decodeHTMLStrict } from 'entities';

/** XHTML 1.0 and HTML 5 disagree about two names; a feed is XML. */
const XHTML = new Map([
  ['lang', '\u2329'],
  ['rang', '\u232a'],
]);

/** Text with its character references resolved once: numbers, the names of XML and HTML, and those in `declared`. */
export function resolveReferences(text: string, declared: ReadonlyMap<string, string> = XHTML): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(#?[\w.-]{1,40});/g,
    (reference, name: string) => declared.get(name) ?? XHTML.get(name) ?? decodeHTMLStrict(reference),
  );
}

/** Text as it stands in HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');

const PROLOG_PART = /\s*(?:<\?[\s\S]*?\?>|<!--[\s\S]*?-->)/y;
const DOCTYPE = /\s*<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>/iy;
const DECLARATION = /<!ENTITY\s+([\w.-]+)\s+(?:"([^"<&%]*|&#\w+;)"|'([^'<&%]*|&#\w+;)')\s*>/g;
const LONGEST_VALUE = 200;
const MOST_DECLARATIONS = 500;

/**
 * Takes the document type out of an XML document and returns the entities it declares. Only plain short values count:
 * a reference within a value (the way to make a small document enormous) is left unresolved.
 */
export function takeDoctype(xml: string): { xml: string; declared: ReadonlyMap<string, string> } {
  let at = 0;
  for (PROLOG_PART.lastIndex = 0; PROLOG_PART.test(xml); ) at = PROLOG_PART.lastIndex;
  DOCTYPE.lastIndex = at;
  const doctype = DOCTYPE.exec(xml)?.[0];
  if (!doctype) return { xml, declared: XHTML };
  const declarations = [...doctype.matchAll(DECLARATION)].slice(0, MOST_DECLARATIONS);
  const declared = declarations.map(([, name, double, single]): [string, string] => [
    name as string,
    resolveReferences(double ?? single ?? ''),
  ]);
  return {
    xml: xml.slice(0, at) + xml.slice(at + doctype.length),
    declared: new Map(declared.filter(([, value]) => value.length <= LONGEST_VALUE)),
  };
}
