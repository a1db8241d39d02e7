import type { Result } from './chambers/chamber.ts';

/** What `npm run torture --json` prints, whatever ran. */
export type Figures = {
  kills: number;
  lost: number;
  wrong_person: number;
  doubled: number;
  doubled_beyond_unknown: number;
  unknown: number;
  /** The worst and the median time from a kill until what the dead one held went on. */
  recovery_seconds: { worst: number; median: number } | null;
  seed: number;
};

/** Adds up what the chambers found. */
export function sumUp(results: Result[], seed: number): Figures {
  const all = results.flatMap(({ findings }) => findings);
  const sum = (name: 'lost' | 'wrong_person' | 'doubled' | 'doubled_beyond_unknown' | 'unknown') =>
    all.reduce((total, findings) => total + findings[name], 0);
  return {
    kills: results.reduce((total, { kills }) => total + kills, 0),
    lost: sum('lost'),
    wrong_person: sum('wrong_person'),
    doubled: sum('doubled'),
    doubled_beyond_unknown: sum('doubled_beyond_unknown'),
    unknown: sum('unknown'),
    recovery_seconds: spread(all.flatMap(({ recovery_seconds }) => recovery_seconds)),
    seed,
  };
}

/** Worst and median; null where there is nothing. */
export function spread(seconds: number[]): { worst: number; median: number } | null {
  if (seconds.length === 0) return null;
  const sorted = seconds.toSorted((a, b) => a - b);
  const round = (value: number | undefined) => Math.round((value ?? 0) * 1000) / 1000;
  return { worst: round(sorted.at(-1)), median: round(sorted[Math.floor(sorted.length / 2)]) };
}
