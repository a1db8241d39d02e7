import { later } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { openEditionRun } from '../deliveries/ledger/run.ts';
import { insertPlates } from '../deliveries/plate.ts';
import { markTold } from '../editions/corrections/correction.ts';
import { findApproval } from '../editions/desk/approval.ts';
import { keepRevision } from '../editions/desk/keep-revision.ts';
import {
  type Edition,
  listDueEditions,
  listStaleEditions,
  markEditionHanded,
  moveEdition,
  requireEdition,
  storeModel,
} from '../editions/edition.ts';
import { conflict, PresstimeError } from '../errors.ts';
import { type Publication, requirePublication } from '../publications/publication.ts';
import type { Enqueue } from '../work/job.ts';
import { whyNoLonger } from './approve.ts';
import type { Profile } from './checks/finding.ts';
import { type Due, type Frozen, freezeAudience } from './freeze.ts';
import type { Outside } from './look-outside.ts';
import { type MadeUp, makeUp } from './make-up.ts';
import { policyFor } from './policy.ts';

/** What pressing needs: the moment, and a way to ask for the sending. */
export type Pressing = {
  now: Temporal.Instant;
  enqueue: Enqueue;
  public_url: string;
  profile?: Profile | undefined;
  /** What is asked before each press in production. */
  outside?: Outside | undefined;
};

/** When the readers are due and until when; whether a person asked, which is approval enough. */
type Order = Omit<Due, 'press_at'> & { by_hand: boolean };

/** Nobody is there to send to: the transaction is undone, and the edition skipped instead. */
class NobodyToSendTo extends Error {}

/**
 * Sends every edition to press whose hour has come: approved, or green where the policy lets it go by itself; else it
 * is held, with the findings as the reason. Those whose time ran out are skipped. Returns them as they are now. Called
 * again at any point, by whomever, it finds the state and goes on; one edition's trouble does not stop another.
 */
export async function pressDueEditions(db: Db, pressing: Pressing): Promise<Edition[]> {
  const { now } = pressing;
  const skipped = await skipStale(db, { now });
  const done: Edition[] = [];
  const troubles: unknown[] = [];
  for (const edition of await listDueEditions(db, { now })) {
    const order = { due_at: edition.press_at, stale_at: edition.stale_at, by_hand: false };
    await pressOne(db, edition, order, pressing).then(
      (pressed) => done.push(pressed),
      (trouble) => troubles.push(trouble),
    );
  }
  if (troubles.length === 1) throw troubles[0];
  if (troubles.length > 1)
    throw new AggregateError(troubles, `${troubles.length} editions could not go to press`);
  return [...skipped, ...done];
}

/**
 * Sends one edition to press now, whatever the hour: a person asks for it. A held one is released by it, and checked
 * again. One that has gone already is returned as it is. Throws `conflict` for one that is no draft yet.
 */
export async function pressEdition(db: Db, editionId: number, pressing: Pressing): Promise<Edition> {
  const { now } = pressing;
  const edition = await requireEdition(db, editionId);
  if (['pressing', 'pressed', 'stopped', 'failed', 'skipped'].includes(edition.state)) return edition;
  if (edition.state === 'planned' || edition.state === 'gathering')
    throw conflict(
      `the edition of ${edition.edition_on} is ${edition.state}; it can go to press once it is a draft`,
    );
  const { stale_after_hours } = await requirePublication(db, edition.publication_id);
  const stale_at = later(edition.stale_at, now.add({ hours: stale_after_hours }));
  const released = edition.state === 'held' ? await release(db, edition, { now }) : edition;
  return pressOne(db, released, { due_at: now, stale_at, by_hand: true }, pressing);
}

async function pressOne(db: Db, edition: Edition, order: Order, pressing: Pressing): Promise<Edition> {
  const { id, state } = edition;
  const move = async (to: 'held' | 'skipped', reason: string): Promise<Edition> =>
    (await moveEdition(db, id, { from: [state], to, now: pressing.now, reason })) ?? requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  if (!order.by_hand && state !== 'approved') {
    const policy = await policyFor(db, edition, publication);
    // who releases it after its hour does so to approve it: it waits for that until it is stale
    if (!policy.sends && (await isReleased(db, edition))) return edition;
    if (!policy.sends) return move('held', `nobody has approved it, and ${policy.why}`);
  }
  const approval = state === 'approved' ? await findApproval(db, id) : undefined;
  const changed = approval && whyNoLonger(approval, edition);
  if (changed) return move('held', changed);
  const made = await makeUp(db, edition, {
    ...{ publication, now: pressing.now, public_url: pressing.public_url, profile: pressing.profile },
    outside: pressing.outside,
    ...{ model: approval?.model, overrides: approval?.overrides ?? {}, by_hand: order.by_hand },
  });
  if ('not_green' in made) return move('held', made.not_green);
  try {
    return await db
      .transaction()
      .execute((trx) => goToPress(trx, edition, made, { ...order, ramp: publication }, pressing));
  } catch (error) {
    if (error instanceof NobodyToSendTo) return move('skipped', error.message);
    // whom a correction is for may not be known any more
    if (edition.kind === 'correction' && error instanceof PresstimeError && error.kind === 'conflict')
      return move('held', error.message);
    throw error;
  }
}

/** Whether an edition was let go on after its hour. */
async function isReleased(db: Db, { id, state, press_at }: Edition): Promise<boolean> {
  if (state !== 'in_review') return false;
  const last = await db
    .selectFrom('edition_moves')
    .select(['from_state', 'at'])
    .where('edition_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.from_state === 'held' && Temporal.Instant.compare(last.at, press_at) >= 0;
}

/** The guarded change of state comes first: of two that press, one waits here, finds it done and changes nothing. */
async function goToPress(
  trx: Db,
  { id, state, press_at }: Edition,
  { model, plates, sets }: MadeUp,
  { due_at, stale_at, ramp }: Order & { ramp: Publication },
  { now, enqueue }: Pressing,
): Promise<Edition> {
  const edition = await moveEdition(trx, id, { from: [state], to: 'pressing', now });
  if (!edition) return requireEdition(trx, id);
  await storeModel(trx, id, model);
  await markTold(trx, model, id);
  const run_id = await openEditionRun(trx, edition, { now });
  const { publication_id, kind, corrects } = edition;
  const run = { id: run_id, publication_id, edition_kind: kind, corrects };
  const frozen = await freezeAudience(trx, run, { now, sets, ramp, press_at, due_at, stale_at });
  if (frozen.send === 0 && !frozen.skipped.weekly) throw new NobodyToSendTo(whyNobody(frozen));
  // where all who read it wait for the round-up, that is how it is told to them
  if (frozen.send === 0) await markEditionHanded(trx, id, { now });
  const wanted = plates.filter(
    // and the plain ones: for a reader whose trial becomes something better on the way
    ({ variant }) => /^plain\b/.test(variant) || frozen.variants.includes(variant),
  );
  await insertPlates(trx, id, wanted, { now });
  // what was approved is kept already, and is what is pressed
  if (state !== 'approved') await keepRevision(trx, id, { now, by: { name: 'press' }, reason: 'pressed' });
  await enqueue(trx, 'send-batch', { run_id });
  if (ramp.ramp_wait_seconds > 0 && frozen.late > 0)
    await enqueue(trx, 'check-ramp', { edition_id: id }, { after_seconds: ramp.ramp_wait_seconds });
  return edition;
}

function whyNobody({ skipped }: Frozen): string {
  const reasons = Object.entries(skipped).map(([reason, readers]) => `${readers} ${reason}`);
  return `no reader to send to${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}`;
}

/** What was held, or never became fit to go, is not sent late by itself. */
async function skipStale(db: Db, { now }: { now: Temporal.Instant }): Promise<Edition[]> {
  const skipped: Edition[] = [];
  for (const { id, state, stale_at, reason } of await listStaleEditions(db, { now })) {
    const why = `stale: it was ${state} until ${stale_at}${reason ? ` (${reason})` : ''}`;
    const moved = await moveEdition(db, id, { from: [state], to: 'skipped', now, reason: why });
    if (moved) skipped.push(moved);
  }
  return skipped;
}

async function release(db: Db, { id }: Edition, { now }: { now: Temporal.Instant }): Promise<Edition> {
  const moved = await moveEdition(db, id, {
    from: ['held'],
    to: 'in_review',
    now,
    reason: 'pressed by hand',
  });
  return moved ?? requireEdition(db, id);
}
