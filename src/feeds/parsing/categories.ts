import { textOf } from './construct.ts';
import { elementsIn } from './find.ts';
import { folded } from './text.ts';
import type { Element } from './xml.ts';

/** What an item is filed under, in its own order and each once: categories, subjects, tags and keywords of any kind. */
export function categoriesIn(item: Element): string[] {
  return [...new Set(elementsIn(item).flatMap(termsOf))];
}

function termsOf(element: Element): string[] {
  const { term, label, text } = element.attributes;
  switch (element.name) {
    case 'category':
      return filled([term ?? (label && !ownText(element) ? label : ownText(element))]);
    case 'dc:subject':
    case 'media:category':
      return filled([ownText(element) || label]);
    case 'itunes:category':
      return [...filled([text]), ...categoriesIn(element)];
    case 'tags':
    case 'itunes:keywords':
    case 'media:keywords':
      return filled(textOf(element).split(','));
    case 'media:group':
    case 'media:content':
      return categoriesIn(element);
    default:
      return [];
  }
}

const ownText = (element: Element): string =>
  folded(element.children.filter((child) => typeof child === 'string').join(''));

const filled = (terms: (string | undefined)[]): string[] =>
  terms.map((term) => folded(term ?? '')).filter(Boolean);
