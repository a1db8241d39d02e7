/** Somebody whose turn comes as often as `weight` says; `credit` is what it has saved up. */
export type Weighted = { weight: number; credit: number };

/**
 * Whose turn it is among those who may have one: by weight, and as evenly spread as may be (smooth weighted round
 * robin). Changes their credits; undefined where nobody may.
 */
export function chooseNext<One extends Weighted>(all: One[], may: (one: One) => boolean): One | undefined {
  let total = 0;
  let next: One | undefined;
  for (const one of all) {
    if (!may(one)) continue;
    total += one.weight;
    one.credit += one.weight;
    if (!next || one.credit > next.credit) next = one;
  }
  if (next) next.credit -= total;
  return next;
}
