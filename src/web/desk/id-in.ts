import { invalid } from '../../errors.ts';
import type { Page } from '../site.ts';

/** The number that stands in the address of a page, of an edition or an item. Throws `invalid` for what is none. */
export function idIn(c: Page, name: string): number {
  const text = c.req.param(name) ?? '';
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw invalid(`"${text}" is no number of an edition or item`);
}
