import type { Element } from './xml.ts';

/** The elements that stand directly in `within`, in order. */
export const elementsIn = (within: Element): Element[] =>
  within.children.filter((child): child is Element => typeof child === 'object');

/** The elements with one of these names directly in `within`; those of the first name first. */
export const named = (within: Element, ...names: string[]): Element[] =>
  names.flatMap((name) => elementsIn(within).filter((child) => child.name === name));

/** The first value that `read` finds in the elements with these names, tried in the order of the names. */
export function firstOf<Value>(
  within: Element,
  names: string[],
  read: (element: Element) => Value | null | undefined,
): Value | null {
  for (const element of named(within, ...names)) {
    const value = read(element);
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
