import type { Instant } from './kinds.ts';

// Who asks to be let in, and what is said of where they come from.

export interface DomainRules {
  domain: string;
  rule: 'allowed' | 'refused' | 'shared';
  reason: string;
  ruled_by: string;
  ruled_at: Instant;
}
