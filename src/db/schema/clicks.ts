import type { Generated } from 'kysely';
import type { Id, Instant, PlainDate } from './kinds.ts';

// What readers open.

export interface EditionLinks {
  id: Id;
  edition_id: number;
  token: string;
  url: string;
  leads_to: string;
  article_id: number | null;
  place: 'lead' | 'top' | 'section' | 'brief' | 'related' | 'comment';
}

export interface Clicks {
  visitor: string;
  edition_link_id: number;
  clicked_at: Instant;
  verdict: 'person' | 'machine';
  reason: string;
  burst: Generated<boolean>;
  clicks: Generated<number>;
}

export interface ClickCounts {
  edition_link_id: number;
  clicked_on: PlainDate;
  verdict: 'person' | 'machine';
  reason: string;
  clicks: number;
}
