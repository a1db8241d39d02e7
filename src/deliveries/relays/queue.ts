/** Who waits for something, first come first served; those who come back have waited before, and go first. */
export type Queue<What, Need> = {
  readonly length: number;
  /** Resolves with what it is given; undefined where there is no hope, or too many wait. */
  wait(need: Need): Promise<What | undefined>;
  /** Gives to those who wait as long as there is something to give; `no hope` sends one away. */
  serve(give: (need: Need) => What | 'no hope' | undefined): void;
};

type Waiting<What, Need> = { need: Need; resolve: (what: What | undefined) => void };

/** A queue of at most `most`. `isBack`: whether this one had its turn, and came back. */
export function openQueue<What, Need>(
  most: number,
  { isBack }: { isBack: (need: Need) => boolean },
): Queue<What, Need> {
  let back: Waiting<What, Need>[] = [];
  let fresh: Waiting<What, Need>[] = [];
  return {
    get length() {
      return back.length + fresh.length;
    },
    wait(need) {
      if (back.length + fresh.length >= most) return Promise.resolve(undefined);
      return new Promise((resolve) => (isBack(need) ? back : fresh).push({ need, resolve }));
    },
    serve(give) {
      const isServed = ({ need, resolve }: Waiting<What, Need>): boolean => {
        const what = give(need);
        if (what !== undefined) resolve(what === 'no hope' ? undefined : what);
        return what !== undefined;
      };
      back = back.filter((one) => !isServed(one));
      const next = fresh.findIndex((one) => !isServed(one)); // what one cannot have, those after it cannot either
      if (next !== 0) fresh = next === -1 ? [] : fresh.slice(next);
    },
  };
}
