import type { Generated } from 'kysely';
import type { Id, Instant } from './kinds.ts';

// Who may sign in: the first four tables are written by better-auth.

export interface Accounts {
  id: string;
  subscriber_id: number | null;
  login: string;
  is_proved: Generated<boolean>;
  name: Generated<string>;
  picture: string | null;
  created_at: Instant;
  updated_at: Instant;
}

export interface Credentials {
  id: string;
  account_id: string;
  provider: string;
  account_at_provider: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Instant | null;
  refresh_token_expires_at: Instant | null;
  scope: string | null;
  password: string | null;
  created_at: Instant;
  updated_at: Instant;
}

export interface Sessions {
  id: string;
  account_id: string;
  token: string;
  network_address: string | null;
  user_agent: string | null;
  created_at: Instant;
  updated_at: Instant;
  expires_at: Instant;
  second_factor_at: Instant | null;
}

export interface Verifications {
  id: string;
  identifier: string;
  value: string;
  created_at: Instant;
  updated_at: Instant;
  expires_at: Instant;
}

export interface LetterRequests {
  id: Id;
  letter: 'sign-in' | 'new-password';
  address_key: string;
  leads_to: string | null;
  asked_at: Instant;
}

export interface Attempts {
  id: Id;
  bucket: string;
  at: Instant;
}

export interface AddressChanges {
  id: Id;
  subscriber_id: number;
  new_address: string | null;
  new_key: string;
  approve_hash: string;
  confirm_hash: string;
  asked_at: Instant;
  expires_at: Instant;
  approved_at: Instant | null;
  confirmed_at: Instant | null;
  ended_at: Instant | null;
  end_reason: 'changed' | 'stopped' | 'withdrawn' | 'replaced' | 'taken' | null;
}

export interface Staff {
  id: Id;
  subscriber_id: number;
  name: string;
  role: 'editor' | 'approver' | 'admin';
  added_at: Instant;
  ended_at: Instant | null;
}

export interface SecondFactors {
  account_id: string;
  sealed: string;
  asked_at: Instant;
  proved_at: Instant | null;
  last_step: Generated<number>;
  spare_codes: Generated<string[]>;
}

export interface DeskComments {
  id: Id;
  edition_id: number;
  item_id: number | null;
  staff_id: number;
  at: Instant;
  text: string;
  resolved_at: Instant | null;
  resolved_by: string | null;
}

export interface DeskPresences {
  edition_id: number;
  staff_id: number;
  field: string;
  seen_at: Instant;
}
