import { Parser } from 'htmlparser2';
import { resolveReferences } from './entities.ts';

const INLINE =
  'a abbr acronym b big bdi bdo cite code del dfn em font i img ins kbd mark q s samp small span strike';
const MORE_INLINE =
  'strong sub sup time tt u var wbr picture source audio video ruby rb rp rt data label blink';
const BLOCKS =
  'address article aside blockquote body br center caption dd details dir div dl dt fieldset figcaption';
const MORE_BLOCKS =
  'figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe li link main meta nav object ol p';
const STILL_MORE_BLOCKS =
  'param pre script section style summary svg table tbody td tfoot th thead title tr ul embed';
const inline = new Set(`${INLINE} ${MORE_INLINE}`.split(' '));
const blocks = new Set(`${BLOCKS} ${MORE_BLOCKS} ${STILL_MORE_BLOCKS}`.split(' '));
const SILENT = new Set(['script', 'style', 'head']);
const VOID = /^(br|hr|img|wbr)$/i;

/** Headlines, names and captions are short, and HTML shows itself soon; what comes later is not looked at. */
const LONGEST = 20_000;

const isElement = (name: string): boolean => inline.has(name) || blocks.has(name);

/**
 * Whether text is HTML that lost its label: it closes an element that HTML has, breaks a line, or holds a character
 * reference. `Is 1 < 2?` and `the <blink> tag` are words.
 */
export function looksLikeHtml(whole: string): boolean {
  const text = whole.slice(0, LONGEST);
  for (const [, slash, name] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^<>]*>/gi)) {
    const element = (name as string).toLowerCase();
    if (isElement(element) && (slash || VOID.test(element))) return true;
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
    else if (blocks.has(name)) parts.push(' ');
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
