import type { Instant } from '../db/schema/kinds.ts';
import type { BlanksFor } from '../deliveries/mail/reader-blanks.ts';
import type { PlateVariant } from '../messages/plate.ts';
import type { Trial } from '../trials/trial.ts';

/** How many editions the sample reader of a variant has had of ten; none: they pay. */
const CONSUMED: Record<PlateVariant, number | null> = { plain: null, 'strip-foot': 1, 'strip-top': 7 };

/**
 * A reader who gets the given variant, to show an edition to: nobody, so that the links in what they are shown lead
 * nowhere.
 */
export function sampleReader(variant: PlateVariant, { at }: { at: Instant }): BlanksFor {
  const consumed = CONSUMED[variant];
  return {
    subscriber_id: 0,
    first_name: 'Sam',
    address: 'sam.reader@example.org',
    grant_source: consumed === null ? 'paid' : 'trial',
    trial: consumed === null ? undefined : sampleTrial(consumed, at),
  };
}

function sampleTrial(consumed: number, at: Instant): Trial {
  return {
    id: 0,
    public_id: '',
    subscriber_id: 0,
    publication_id: 0,
    offer_id: 0,
    state: 'running',
    unit: 'editions',
    allowance: 10,
    consumed,
    grace_allowance: 0,
    grace_used: 0,
    grace_why: null,
    cap_days: 22,
    hard_stop_on: null,
    promise_floor_on: null,
    requested_at: at,
    confirmed_at: at,
    ended_at: null,
    end_reason: null,
    version: 1,
  };
}
