import type { Section } from '../../publications/section.ts';
import type { Slot } from './field.ts';

/** An item with its place, as the page is reckoned with. */
export type Standing = Slot & { id: number };
/** Where an item is wanted: which part of the page, and how many of that part come before it; the end where not told. */
export type Wish = Pick<Slot, 'place' | 'section_id'> & { index?: number };

const PLACES: Slot['place'][] = ['lead', 'top', 'section', 'brief'];

/**
 * The slot for an item that is wanted somewhere, between the neighbours it will have: none of theirs changes, so that two
 * who move different items never clash. `standing`: the items on the page in their order, the moved one left out.
 */
export function slotFor(wish: Wish, standing: readonly Standing[], sections: readonly Section[]): Slot {
  const weight = weigh(sections);
  const mine = weight(wish);
  const before = standing.filter((one) => weight(one) < mine);
  const part = standing.filter((one) => weight(one) === mine);
  const index = Math.min(Math.max(wish.index ?? part.length, 0), part.length);
  const left = part[index - 1] ?? before.at(-1);
  const right = part[index] ?? standing.find((one) => weight(one) > mine);
  const { place, section_id } = wish;
  return { place, section_id, position: between(left?.position, right?.position) };
}

/** The parts of the page in their order: lead, top stories, each section, briefs. */
function weigh(sections: readonly Section[]): (slot: Pick<Slot, 'place' | 'section_id'>) => number {
  const order = new Map(sections.map(({ id }, at) => [id, at + 1]));
  return ({ place, section_id }) =>
    PLACES.indexOf(place) * 1000 + (place === 'section' ? (order.get(section_id ?? 0) ?? 999) : 0);
}

function between(left: number | undefined, right: number | undefined): number {
  if (left === undefined) return right === undefined ? 0 : right - 1;
  return right === undefined ? left + 1 : (left + right) / 2;
}

/** Whether two neighbours stand so near that nothing more fits between them. */
export const isCrowded = (standing: readonly Standing[]): boolean =>
  standing.some(({ position }, at) => {
    const next = standing[at + 1]?.position;
    return next !== undefined && next - position < SMALLEST_GAP;
  });

/** Forty halvings of a whole step; a double has twelve bits more. */
const SMALLEST_GAP = 2 ** -40;
