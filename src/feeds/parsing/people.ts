import type { Person } from '../entry.ts';
import { textOf } from './construct.ts';
import { firstOf, named } from './find.ts';
import { folded, wordsOf } from './text.ts';
import type { Element } from './xml.ts';

const NAMES = ['author', 'dc:creator', 'dc:author', 'itunes:author'];

/** Who wrote what this element stands for: the first way of naming authors that it uses. */
export function authorsIn(element: Element): Person[] {
  for (const name of NAMES) {
    const people = named(element, name)
      .map(personOf)
      .filter((it) => it !== null);
    if (people.length > 0) return people;
  }
  return [];
}

/** The names, as a reader sees them; an address is nobody's business. */
export const bylineOf = (people: Person[]): string | null =>
  [...new Set(people.map(({ name }) => name).filter((name) => name !== null))].join(', ') || null;

function personOf(element: Element): Person | null {
  const text = (name: string) => firstOf(element, [name], (found) => folded(textOf(found)) || null);
  const [name, email] = [text('name'), text('email')];
  return name || email ? { name, email } : personFrom(wordsOf(textOf(element)));
}

const LONGEST_NAME = 500;
const EMAIL = /[^\s()<>,;:"]+@[^\s()<>,;:"]+\.[a-z]{2,}/i;

/** `jane@example.org (Jane Doe)`, `Jane Doe <jane@example.org>`, `By Jane Doe` or any part of these. */
export function personFrom(given: string): Person | null {
  const text = given.slice(0, LONGEST_NAME);
  const email = EMAIL.exec(text)?.[0] ?? null;
  const rest = email === null ? text : text.replace(email, '').replace(/\(\s*\)|<\s*>|mailto:/g, '');
  const name = folded(rest.replace(/^\s*\((.*)\)\s*$/, '$1')).replace(/^by (?=\p{Lu})/iu, '');
  return name || email ? { name: name || null, email } : null;
}
