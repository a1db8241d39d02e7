/** A click of one visitor on one edition: which link, and when, in seconds since the epoch. */
export type SeenClick = { link: number; second: number };

/** This many different links of an edition, opened by one visitor within so many seconds, are opened by a machine. */
const BURST_LINKS = 5;
const BURST_SECONDS = 10;
/** A shorter edition is swept with fewer; but fewer than this are opened by people too. */
const FEWEST_LINKS = 3;

/**
 * Which clicks of one visitor on an edition with `links` links belong to a burst: true for each that stands in some
 * ten seconds with five different links or more, or with all there are where they are three or four. `clicks` in the
 * order of time.
 */
export function burstsOf(clicks: SeenClick[], links: number): boolean[] {
  const needed = Math.min(BURST_LINKS, links);
  const bursts = clicks.map(() => false);
  if (needed < FEWEST_LINKS) return bursts;
  const inWindow = new Map<number, number>();
  let first = 0;
  let marked = 0;
  for (const [last, { link, second }] of clicks.entries()) {
    inWindow.set(link, (inWindow.get(link) ?? 0) + 1);
    for (; second - secondOf(clicks[first]) > BURST_SECONDS; first++) leave(inWindow, clicks[first]);
    if (inWindow.size < needed) continue;
    for (let at = Math.max(first, marked); at <= last; at++) bursts[at] = true;
    marked = last + 1;
  }
  return bursts;
}

const secondOf = (click: SeenClick | undefined): number => (click as SeenClick).second;

function leave(inWindow: Map<number, number>, click: SeenClick | undefined): void {
  const { link } = click as SeenClick;
  const left = (inWindow.get(link) as number) - 1;
  if (left === 0) inWindow.delete(link);
  else inWindow.set(link, left);
}
