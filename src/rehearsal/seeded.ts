/**
 * A source of numbers in [0, 1) that is the same for the same seed on every machine: xorshift32 (Marsaglia 2003).
 * For rehearsals, never for secrets.
 */
export function seeded(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
