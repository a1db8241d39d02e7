/** The last so many answers: how many of them were refusals, and by how many receivers. */
export type Recent = {
  /** Notes an answer; `refused_by` names the receiver where it was a refusal. */
  note(refused_by?: string): void;
  clear(): void;
  readonly answers: number;
  readonly refusals: number;
  readonly receivers: number;
};

/** Keeps the last `most` answers in mind. */
export function openRecent(most: number): Recent {
  let ring: (string | undefined)[] = [];
  let next = 0;
  let refusals = 0;
  const byReceiver = new Map<string, number>();
  const forget = (receiver: string): void => {
    const left = (byReceiver.get(receiver) as number) - 1;
    if (left === 0) byReceiver.delete(receiver);
    else byReceiver.set(receiver, left);
    refusals--;
  };
  return {
    note(refused_by) {
      const oldest = ring[next];
      if (oldest !== undefined) forget(oldest);
      if (refused_by !== undefined) {
        byReceiver.set(refused_by, (byReceiver.get(refused_by) ?? 0) + 1);
        refusals++;
      }
      ring[next] = refused_by;
      next = (next + 1) % most;
    },
    clear() {
      ring = [];
      next = 0;
      refusals = 0;
      byReceiver.clear();
    },
    get answers() {
      return ring.length;
    },
    get refusals() {
      return refusals;
    },
    get receivers() {
      return byReceiver.size;
    },
  };
}
