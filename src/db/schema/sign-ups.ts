import type { ColumnType, Generated } from 'kysely';
import type { Id, Instant } from './kinds.ts';

// Who asks to be let in, and what is said of where they come from.

export interface SignUps {
  id: Id;
  publication_id: number;
  kind: 'trial' | 'group' | 'invoice';
  network: string | null;
  domain: string;
  request: ColumnType<unknown, string, string | null>;
  asked_at: Instant;
  tries: Generated<number>;
  try_at: Instant | null;
  trouble: string | null;
}

export interface GroupRequests {
  id: Id;
  publication_id: number;
  subscriber_id: number | null;
  address: string;
  name: string;
  organisation: string;
  office: string | null;
  readers: number;
  note: string | null;
  asked_at: Instant;
}

export interface DomainRules {
  domain: string;
  rule: 'allowed' | 'refused' | 'shared';
  reason: string;
  ruled_by: string;
  ruled_at: Instant;
}
