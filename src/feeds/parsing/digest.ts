import { createHash } from 'node:crypto';

/** A short name for what these texts say: the same texts, the same name. */
export const digestOf = (texts: (string | null | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32);
