import { sql } from 'kysely';
import type { Holding } from './holding.ts';

/** Tells that something was there, where a column may not be empty. */
const GONE = sql`'erased'`;

const SECRETS = [
  'password',
  'access_token',
  'refresh_token',
  'id_token',
  'account_id',
  'account_at_provider',
];

/** A form may have been sent by a stranger: where it came from is theirs until the address has been proved. */
const OF_ASKER = ['network', 'trouble', 'request.ip', 'request.user_agent', 'request.browser'];

/**
 * Everything that is kept of a reader, table by table, in the order in which it may be erased. A trial's events name
 * nobody and stay; of the address its keyed hash alone stays, in the claims, so that no second trial begins, and in a
 * suppression, so that nobody writes to it. `tests/privacy/holdings.test.ts` holds this to the tables there are.
 */
export const HOLDINGS: readonly Holding[] = [
  { table: 'verifications', of: 'secret', hidden: ['identifier', 'value'], erased: 'deleted' },
  { table: 'attempts', of: 'tries', hidden: ['bucket'], erased: 'deleted' },
  { table: 'letter_requests', of: 'address', hidden: ['address_key'], erased: 'deleted' },
  { table: 'sign_ups', of: 'form', hidden: OF_ASKER, erased: 'deleted' },
  { table: 'sessions', of: 'account', hidden: ['token', 'account_id'], erased: 'deleted' },
  {
    table: 'second_factors',
    of: 'account',
    hidden: ['account_id', 'sealed', 'spare_codes'],
    erased: 'deleted',
  },
  { table: 'staff', of: 'subscriber', erased: { name: GONE } },
  { table: 'credentials', of: 'account', hidden: SECRETS, erased: 'deleted' },
  { table: 'accounts', of: 'subscriber', hidden: ['login'], erased: 'deleted' },
  {
    table: 'address_changes',
    of: 'subscriber',
    hidden: ['new_key', 'approve_hash', 'confirm_hash'],
    erased: 'deleted',
  },
  { table: 'consents', of: 'subscriber', erased: { ip: null, user_agent: null } },
  { table: 'preferences', of: 'subscriber', erased: 'deleted' },
  { table: 'holds', of: 'subscriber', erased: { reason: null } },
  {
    table: 'letters',
    of: 'subscriber',
    hidden: ['detail'],
    erased: { detail: sql`'{}'::jsonb`, address: null },
  },
  { table: 'outcomes', of: 'delivery', hidden: ['worker'], erased: { reply: null } },
  { table: 'audience', of: 'subscriber', erased: { address: GONE } },
  {
    table: 'returned',
    of: 'event',
    hidden: ['raw', 'event_key'],
    erased: { raw: null, sent_to: null, try_at: null },
  },
  { table: 'events', of: 'subscriber', hidden: ['event_key'], erased: { diagnostic: null } },
  { table: 'suppressions', of: 'address', hidden: ['address_key'], erased: { proof: null } },
  { table: 'group_requests', of: 'asked', erased: 'deleted' },
  { table: 'invoice_requests', of: 'asked', erased: 'deleted' },
  { table: 'provider_events', of: 'payment', hidden: ['payload_hash'], erased: { payload: null } },
  {
    table: 'subscriptions',
    of: 'asked',
    hidden: ['public_id'],
    erased: { address: GONE, ip: null, network: null, user_agent: null },
  },
  { table: 'trial_claims', of: 'trial', hidden: ['key_hash'], erased: 'kept' },
  { table: 'trial_events', of: 'trial', erased: 'kept' },
  { table: 'trials', of: 'subscriber', erased: 'kept' },
  { table: 'grants', of: 'subscriber', erased: 'kept' },
  { table: 'audit', of: 'subject', erased: 'kept' },
  {
    table: 'subscribers',
    of: 'self',
    hidden: ['address_key'],
    erased: {
      address: sql`'erased-' || t.id || '@address.invalid'`,
      address_key: sql`'erased ' || gen_random_uuid()`,
      first_name: null,
      lang: null,
      zone: null,
    },
  },
];
