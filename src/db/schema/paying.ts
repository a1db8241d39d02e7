import type { Generated } from 'kysely';
import type { Id } from './kinds.ts';

// Who pays, for what, and how.

export interface Plans {
  id: Id;
  publication_id: number;
  slug: string;
  version: Generated<number>;
  name: string;
  price_cents: number;
  currency: string;
  interval: 'month' | 'year';
  active: Generated<boolean>;
}
