/**
 * How well a number tells two classes apart: the chance that one drawn from `these` is larger than one from `those`, ties
 * counted half (Mann and Whitney's U over n·m). 0.5: not at all.
 */
export function auc(these: readonly number[], those: readonly number[]): number {
  const all = [
    ...these.map((value) => ({ value, of_these: true })),
    ...those.map((value) => ({ value, of_these: false })),
  ].sort((a, b) => a.value - b.value);
  let ranks = 0;
  for (let from = 0; from < all.length; ) {
    const value = all[from]?.value;
    let to = from;
    while (to < all.length && all[to]?.value === value) to++;
    const tied = all.slice(from, to).filter(({ of_these }) => of_these).length;
    ranks += tied * ((from + 1 + to) / 2);
    from = to;
  }
  const n = these.length;
  return (ranks - (n * (n + 1)) / 2) / (n * those.length);
}
