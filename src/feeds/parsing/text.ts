import { Parser } from 'htmlparser2';
import { resolveReferences } from './entities.ts';

const words = (list: string): Set<string> => new Set(list.trim().split(/\s+/));
/** The elements of HTML, past and present: those that run within a line, and those that part words. */
const INLINE = words(`
  a abbr acronym area audio b base big bdi bdo blink button canvas cite code data del dfn em font i img input ins kbd
  label map mark marquee math meter nobr noframes noscript option picture progress q rb rp rt ruby s samp select small
  source span strike strong sub sup template textarea time tt u var video wbr`);
const BLOCKS = words(`
  address applet article aside blockquote body br caption center dd details dir div dl dt embed fieldset figcaption
  figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe li link main meta nav object ol p param
  pre script section style summary svg table tbody td tfoot th thead title tr ul`);
const SILENT = new Set(['script', 'style', 'head']);
const VOID = /^(br|hr|img|wbr)$/i;

/** Headlines, names and captions are short, and HTML shows itself soon; what comes later is not looked at. */
const LONGEST = 20_000;

const isElement = (name: string): boolean => INLINE.has(name) || BLOCKS.has(name);

/**
 * Whether text is HTML that lost its label: it closes an element, breaks a line, gives an element attributes, or holds
 * a character reference. `Is 1 < 2?` and `the <blink> tag` are words.
 */
export function looksLikeHtml(whole: string): boolean {
  const text = whole.slice(0, LONGEST);
  for (const [tag, slash, name] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^<>]*>/gi)) {
    const element = (name as string).toLowerCase();
    if (slash || VOID.test(element) || (isElement(element) && /\s[\w-]+=/.test(tag))) return true;
  }
  return text.includes('&') && resolveReferences(text) !== text;
}

/** The words of a line of HTML, with space folded. Tags that HTML does not know are words too: `C++ <vector>`. */
export function wordsOf(line: string): string {
  const html = line.slice(0, LONGEST);
  const parts: string[] = [];
  let silent = 0;
  const tag = (name: string, change: number) => {
    if (SILENT.has(name)) silent = Math.max(0, silent + change);
    else if (!isElement(name)) parts.push(html.slice(parser.startIndex, parser.endIndex + 1));
    else if (BLOCKS.has(name)) parts.push(' ');
  };
  const parser = new Parser(
    {
      onopentag: (name, _, implied) => void (implied || tag(name, 1)),
      onclosetag: (name, implied) => void (implied || tag(name, -1)),
      ontext: (text) => void (silent || parts.push(resolveReferences(text))),
    },
    { decodeEntities: false },
  );
  parser.end(html);
  return folded(parts.join(''));
}

/** Runs of ASCII white space as one blank; other spaces are the author's own. */
export const folded = (text: string): string => text.replace(/[\t\n\f\r ]+/g, ' ').replace(/^ | $/g, '');
