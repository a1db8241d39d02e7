import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { GrantSource } from '../db/schema/readers.ts';
import type { BlanksFor } from '../deliveries/mail/reader-blanks.ts';
import type { Edition } from '../editions/edition.ts';
import type { VariantName } from '../messages/plate.ts';
import { requireSubscriber } from '../subscribers/subscriber.ts';
import { audienceAt, type Decision } from '../trials/rights/decision.ts';
import { requireTrial, type Trial } from '../trials/trial.ts';
import { variantFor } from './freeze.ts';
import { setsInUse } from './section-sets.ts';

/** One as whom an edition is seen. `gets_nothing`: why no mail would come; then there is none to be seen. */
export type Persona = { variant: VariantName; reader: BlanksFor; gets_nothing: string | null };

/** How far ahead of now an edition is seen: after so many other editions, and how that is said. */
export type Ahead = { editions: number; says: string };

type Made = {
  name: string;
  label: string;
  source: GrantSource | null;
  /** Editions had of ten, or of grace. */
  consumed?: number;
  grace_used?: number;
  first_name?: string | null;
  gets_nothing?: string;
};

/** Readers of every kind (DESK §3). */
export const PERSONAS = [
  { name: 'trial-1', label: 'On trial, edition 1 of 10', source: 'trial', consumed: 0 },
  { name: 'trial-7', label: 'On trial, edition 7 of 10', source: 'trial', consumed: 6 },
  { name: 'trial-last', label: 'On trial, the last of 10', source: 'trial', consumed: 9 },
  { name: 'grace', label: 'In grace', source: 'grace', consumed: 10, grace_used: 1 },
  { name: 'paid', label: 'Paid', source: 'paid' },
  { name: 'comp', label: 'Complimentary', source: 'comp' },
  { name: 'licence', label: 'A seat of a licence', source: 'licence' },
  { name: 'no-name', label: 'Paid, gave no name', source: 'paid', first_name: null },
  {
    name: 'arabic',
    label: 'Paid, a name in Arabic',
    source: 'paid',
    first_name: '\u0639\u0627\u0626\u0634\u06c1',
  },
  { name: 'paused', label: 'Paused', source: 'paid', gets_nothing: 'paused until they come back' },
  { name: 'bounced', label: 'Bounced', source: 'trial', consumed: 3, gets_nothing: 'their address fails' },
  { name: 'left', label: 'Left', source: 'paid', gets_nothing: 'they have left' },
] as const satisfies Made[];
export type PersonaName = (typeof PERSONAS)[number]['name'];

/** The persona of a name: nobody, so that the links in what they are shown lead nowhere. */
export function personaOf(name: PersonaName, { at }: { at: Instant }): Persona {
  const made: Made = PERSONAS.find((one) => one.name === name) as Made;
  const trial = made.consumed === undefined ? undefined : trialOf(made, at);
  return {
    variant: trial ? variantFor({ state: trial.state, left: leftOf(trial) }) : 'plain',
    gets_nothing: made.gets_nothing ?? null,
    reader: {
      subscriber_id: 0,
      first_name: made.first_name === undefined ? 'Sam' : made.first_name,
      address: 'sam.reader@example.org',
      grant_source: made.source,
      trial,
    },
  };
}

/** A subscriber as they would get the edition, or why they would not, decided as the press decides it. Throws `not_found`. */
export async function namedReader(
  db: Db,
  { publication_id, kind, pressed_at, press_at }: Edition,
  subscriberId: number,
  { now, ahead }: { now: Instant; ahead?: Ahead | undefined },
): Promise<Persona> {
  const subscriber = await requireSubscriber(db, subscriberId);
  const decided = await audienceAt(db, publication_id, {
    at: pressed_at ?? (ahead ? press_at : now),
    kind: kind === 'weekly' ? 'weekly' : 'regular',
    among: [subscriberId],
  }).executeTakeFirst();
  const standing = decided?.trial_id ? await requireTrial(db, decided.trial_id) : undefined;
  const trial = standing && ahead ? later(standing, ahead.editions) : standing;
  const set = await setOf(db, publication_id, subscriberId);
  const variant =
    kind === 'weekly' || !trial ? 'plain' : variantFor({ state: trial.state, left: leftOf(trial) });
  return {
    variant: set === undefined ? variant : `${variant} ${set}`,
    gets_nothing: whyNothing(decided, ahead && trial),
    reader: {
      subscriber_id: 0, // with their own links whoever looks could act for them
      first_name: subscriber.first_name,
      address: subscriber.address,
      grant_source: decided?.grant_source ?? null,
      trial,
    },
  };
}

/** A trial as it stands once so many more editions were accepted. */
function later(trial: Trial, editions: number): Trial {
  const consumed = Math.min(trial.consumed + editions, trial.allowance);
  const beyond = editions - (consumed - trial.consumed);
  return { ...trial, consumed, grace_used: Math.min(trial.grace_used + beyond, trial.grace_allowance) };
}

function whyNothing(decided: Decision | undefined, by_then: Trial | undefined): string | null {
  if (!decided) return 'not among its readers';
  if (decided.reason) return decided.reason.replaceAll('_', ' ');
  return by_then && leftOf(by_then) <= 0 ? 'their trial is over by then' : null;
}

/** The key of the set of sections that a reader wants, where it is one that has plates of its own. */
async function setOf(db: Db, publicationId: number, subscriberId: number): Promise<string | undefined> {
  const sets = await setsInUse(db, publicationId);
  const wanted = await db
    .selectFrom('preferences')
    .select('sections')
    .where('publication_id', '=', publicationId)
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst();
  return sets.find(({ ids }) => ids.join() === wanted?.sections?.join())?.key;
}

const leftOf = ({ state, allowance, consumed, grace_allowance, grace_used }: Trial): number =>
  Math.max(allowance - consumed, 0) + (state === 'grace' ? grace_allowance - grace_used : 0);

function trialOf({ consumed = 0, grace_used }: Made, at: Instant): Trial {
  const isInGrace = grace_used !== undefined;
  return {
    id: 0,
    public_id: '',
    subscriber_id: 0,
    publication_id: 0,
    offer_id: 0,
    state: isInGrace ? 'grace' : 'running',
    unit: 'editions',
    allowance: 10,
    consumed,
    grace_allowance: isInGrace ? 5 : 0,
    grace_used: grace_used ?? 0,
    grace_why: isInGrace ? 'po_pending' : null,
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
