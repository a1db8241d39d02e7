import { plainText } from '../sanitize.ts';

/** A thing of JSON-LD: what a page says of itself in the words of schema.org. Nothing about it is certain. */
export type Thing = Record<string, unknown>;

const MAX_THINGS = 2_000;
/** Those who walk through a thing call themselves. */
const MAX_DEPTH = 100;

/** What the page says of its article, or undefined where it says nothing. A script that is no JSON is passed over. */
export function linkedArticle(document: Document): Thing | undefined {
  const scripts = document.querySelectorAll('script[type="application/ld+json"]');
  const found = [...scripts].flatMap((script) => thingsIn(parseLoosely(script.textContent ?? '')));
  const articles = found.filter((thing) =>
    typesOf(thing).some((type) => /Article$|^BlogPosting$|^Report/.test(type)),
  );
  return articles.find((thing) => 'headline' in thing) ?? articles[0];
}

/** The value as plain text, where it is text or a thing with a name; the first where there are several. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return resolveMarkup(value) || null;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return textOf(value[0]);
  return isThing(value) ? textOf(value.name ?? value['@value']) : null;
}

/** All texts of a value, in order. */
export const textsOf = (value: unknown): string[] => listOf(value).flatMap((one) => textOf(one) ?? []);

/** All things of a value, in order. */
export const thingsOf = (value: unknown): Thing[] => listOf(value).filter(isThing);

/** A whole number of at least zero, or null. */
export function countOf(value: unknown): number | null {
  const count =
    typeof value === 'string'
      ? Number.parseInt(value.replace(/[,.\s]/g, ''), 10)
      : Number(value ?? Number.NaN);
  return Number.isInteger(count) && count >= 0 && count < 2 ** 31 ? count : null;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The types of a thing. */
export const typesOf = (thing: Thing): string[] =>
  listOf(thing['@type']).filter((type) => typeof type === 'string');

const TAG = /<\/?(a|abbr|b|br|cite|em|font|i|mark|p|q|small|span|strong|sub|sup|u)\b[^<>]*>/i;
const ENTITY = /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,31});/i;

/** Plain text that some publishers escape for HTML all the same: tags and entities are resolved, a bare `<` stays. */
export function resolveMarkup(text: string): string {
  if (!TAG.test(text) && !ENTITY.test(text)) return text.trim();
  return plainText(text.replace(/<(?=[^<>]*(<|$))|<(?![/a-z])/gi, '&lt;'));
}

/** The thing itself, those of its graph, and the article that it is the page of. */
function thingsIn(value: unknown): Thing[] {
  const found: Thing[] = [];
  const waiting = listOf(value);
  while (waiting.length > 0 && found.length < MAX_THINGS) {
    const thing = waiting.shift();
    if (!isThing(thing)) continue;
    found.push(thing);
    waiting.push(...listOf(thing['@graph']), ...listOf(thing.mainEntity));
  }
  return found;
}

function parseLoosely(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(text.replace(/^\s*(<!\[CDATA\[|<!--)|(\]\]>|-->)\s*;?\s*$/g, ''));
  } catch {
    return undefined;
  }
}

/** How deep brackets stand in each other; brackets inside strings do not count. */
function depthOf(json: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '[' || character === '{')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (character === ']' || character === '}')) depth--;
  }
  return deepest;
}
