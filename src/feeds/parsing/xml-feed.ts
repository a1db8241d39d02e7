import { invalid } from '../../errors.ts';
import type { ParsedFeed } from '../entry.ts';
import { wordsIn } from './construct.ts';
import { elementsIn, firstOf, named } from './find.ts';
import { linksIn, pageOf } from './links.ts';
import { authorsIn } from './people.ts';
import { type Element, readXml } from './xml.ts';
import { entryOf, languageOf } from './xml-entry.ts';

const ROOTS = new Set(['rss', 'feed', 'rdf:rdf', 'channel']);
const ENTRIES = ['item', 'entry'];

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 and CDF; the words of all of them are taken in any of them, as real
 * feeds mix them. `lang` is what the answer said. Throws `invalid` for XML that is cut off or is no feed.
 */
export function readXmlFeed(
  text: string,
  { url, lang }: { url: string; lang: string | null },
): Omit<ParsedFeed, 'encoding'> {
  const root = readXml(text, { url, lang });
  if (!ROOTS.has(root.name)) throw invalid(`${url} is no feed but a document of <${root.name}>`);
  const places = [root, ...named(root, 'channel')];
  const channel: Element = { ...root, ...places.at(-1), children: places.flatMap((place) => place.children) };
  const links = linksIn(channel);
  const language = firstOf(channel, ['language', 'dc:language'], languageOf) ?? channel.lang;
  // entries inherit the authors of an Atom feed, not the webmaster of an RSS channel
  const authors = root.name === 'feed' ? authorsIn(channel) : [];
  return {
    title: firstOf(channel, ['title', 'dc:title'], wordsIn),
    link: pageOf(channel, links),
    lang: language,
    links,
    entries: elementsIn(channel)
      .filter(({ name }) => ENTRIES.includes(name))
      .map((item) => entryOf(item, { lang: language, authors })),
  };
}
