import { type Handler, Parser } from 'htmlparser2';
import { invalid } from '../../errors.ts';
import { absolute } from './addresses.ts';
import { resolveReferences, takeDoctype } from './entities.ts';
import { OUTERMOST, ourName, type Scope, scopeWith } from './namespaces.ts';

/** An element with its name by our prefixes, its attributes, and the base address and language that hold in it. */
export type Element = {
  name: string;
  /** Whether it is of Atom 1.0, which says exactly what its texts are. */
  atom: boolean;
  attributes: Record<string, string>;
  children: (Element | string)[];
  base: string;
  lang: string | null;
};

const DEEPEST = 200;
const MOST_ELEMENTS = 100_000;
const MOST_ATTRIBUTES = 200;

/** What holds text, where markup of any making may stand. */
const TEXTS = new Set(['title', 'description', 'summary', 'content', 'content:encoded', 'fullitem', 'body']);
/** What must be closed: if one of these is not, all that follows stands in the wrong place. */
const FRAME = new Set([
  ...[
    'channel',
    'item',
    'entry',
    'link',
    'guid',
    'id',
    'pubdate',
    'published',
    'updated',
    'author',
    'category',
  ],
  ...TEXTS,
]);

/**
 * Reads XML as feeds write it: undeclared prefixes, HTML's entities, bare ampersands and stray markup are taken. A
 * document that stops before its end, or whose elements run into each other, is refused (`invalid`), and so is one
 * with more than 100,000 elements, 200 levels or 200 attributes of one. Takes time in proportion to the length.
 */
export function readXml(document: string, { url, lang }: { url: string; lang: string | null }): Element {
  const { xml, declared } = takeDoctype(document);
  const outside: Element = { name: '', atom: false, attributes: {}, children: [], base: url, lang };
  const open: Open[] = [{ element: outside, scope: OUTERMOST }];
  const parser = new Parser(treeBuilder(open, { url, xml, declared }), {
    xmlMode: true,
    decodeEntities: false,
  });
  parser.write(xml.replace(/<\/[\w.:-]+\s*$/, '$&>')); // a last `>` is easily lost, and nothing with it
  if (open.length > 1) throw invalid(`${url} is cut off: it ends inside <${open.at(-1)?.element.name}>`);
  parser.end();
  const root = outside.children.find((child) => typeof child === 'object');
  if (!root) throw invalid(`${url} holds no XML: an RSS, Atom or JSON feed was expected`);
  return root;
}

type Source = { url: string; xml: string; declared: ReadonlyMap<string, string> };
type Open = { element: Element; scope: Scope };

/** Hangs what the parser meets under the last of `open`. */
function treeBuilder(open: Open[], { url, xml, declared }: Source): Partial<Handler> {
  let elements = 0;
  let attributes = 0;
  let literal = false;
  let parser: Parser;
  return {
    onparserinit(created) {
      parser = created;
    },
    onopentagname() {
      attributes = 0;
    },
    onattribute() {
      if (++attributes > MOST_ATTRIBUTES)
        throw invalid(`${url} has a tag of more than ${MOST_ATTRIBUTES} attributes`);
    },
    onopentag(name, given) {
      const { element: parent, scope: around } = open.at(-1) as Open;
      const scope = scopeWith(around, given);
      const element = elementOf(name, given, { parent, scope, declared });
      if (++elements > MOST_ELEMENTS) throw invalid(`${url} has more than ${MOST_ELEMENTS} elements`);
      if (open.length > DEEPEST) throw invalid(`${url} is nested deeper than ${DEEPEST} levels`);
      parent.children.push(element);
      open.push({ element, scope });
    },
    onclosetag(_, implied) {
      const closed = open.pop()?.element.name as string;
      const forgotten = implied && xml[parser.endIndex - 1] !== '/'; // `<link/>` counts as implied, too
      if (forgotten && FRAME.has(closed) && !open.some(({ element }) => TEXTS.has(element.name))) {
        throw invalid(`${url} is broken: a <${closed}> is never closed`);
      }
    },
    ontext(text) {
      open.at(-1)?.element.children.push(literal ? text : resolveReferences(text, declared));
    },
    oncdatastart() {
      literal = true;
    },
    oncdataend() {
      literal = false;
    },
  };
}

function elementOf(
  tag: string,
  given: Record<string, string>,
  { parent, scope, declared }: { parent: Element; scope: Scope; declared: ReadonlyMap<string, string> },
): Element {
  const attributes: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(given)) {
    if (/^xmlns(:|$)/i.test(key)) continue;
    attributes[key.includes(':') ? ourName(key, scope).name : key.toLowerCase()] = resolveReferences(
      value,
      declared,
    );
  }
  const lang = attributes['xml:lang'];
  const { name, prefix } = ourName(tag, scope);
  return {
    name,
    atom: prefix === 'atom',
    attributes,
    children: [],
    base: absolute(attributes['xml:base'], parent.base) ?? parent.base,
    lang: lang === undefined ? parent.lang : lang.trim().replaceAll('_', '-') || null,
  };
}
