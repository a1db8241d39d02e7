import { sql } from 'kysely';
import { requireReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { resumeRun } from '../deliveries/ledger/run.ts';
import { type Tally, tallyEdition } from '../deliveries/ledger/tally.ts';
import { insertPlates, pressedAs } from '../deliveries/plate.ts';
import { markTold } from '../editions/corrections/correction.ts';
import { voidApproval } from '../editions/desk/approval.ts';
import { keepRevision } from '../editions/desk/keep-revision.ts';
import { type Edition, lockEdition, moveEdition, requireEdition, storeModel } from '../editions/edition.ts';
import { conflict } from '../errors.ts';
import { requirePublication } from '../publications/publication.ts';
import type { Enqueue } from '../work/job.ts';
import { type Approving, requirePassable, writeApproval } from './approve.ts';
import { examineWhole } from './examine-whole.ts';
import { hashToApprove } from './hash-to-approve.ts';
import { type MadeUp, makeUp } from './make-up.ts';

/** What an approver has seen of a stopped edition, why it takes the place of what went before, and a way to ask for the sending. */
export type Replacing = Approving & { reason: string; enqueue: Enqueue };

/**
 * Lets stopped presses go on with an edition that was changed since, for those who have not had it: whoever has it keeps
 * what they have. It is approved by this, exactly as the approver has seen it. Throws `conflict` for an edition that is not
 * stopped, was withdrawn, has nobody left or is too late, has changed since it was seen, or does not pass the checks.
 */
export async function replacePress(db: Db, id: number, replacing: Replacing): Promise<Tally> {
  const { by, now, enqueue } = replacing;
  const reason = requireReason(replacing.reason, 'to replace what is left of an edition');
  await requireWhole(db, id, replacing);
  return inTransaction(db, async (trx) => {
    const edition = (await lockEdition(trx, id)) ?? (await requireEdition(trx, id));
    const { run_id } = await requireRest(trx, edition, now);
    const made = await makeSeen(trx, edition, replacing);
    const pressing = edition.pressing + 1;
    await trx.updateTable('editions').set({ pressing }).where('id', '=', id).execute();
    await storeModel(trx, id, made.model);
    await markTold(trx, made.model, id);
    const wanted = await changePlates(trx, run_id, pressing);
    const plates = made.plates.filter(({ variant }) => /^plain\b/.test(variant) || wanted.includes(variant));
    await insertPlates(
      trx,
      id,
      plates.map((plate) => ({ ...plate, variant: pressedAs(plate.variant, pressing) })),
      { now },
    );
    await resumeRun(trx, run_id, { now });
    await enqueue(trx, 'send-batch', { run_id });
    await moveEdition(trx, id, { from: ['stopped'], to: 'pressing', now, actor: by.name, reason });
    await recordAudit(
      trx,
      { actor: by.name, verb: 'replace what is left of an edition', subject: `edition ${id}`, reason },
      { now },
    );
    return (await tallyEdition(trx, id)) as Tally;
  });
}

/** Asks outside before anything is held: links that were changed lead somewhere, too. What is found is kept for the desk. */
async function requireWhole(db: Db, id: number, replacing: Replacing): Promise<void> {
  const edition = await requireEdition(db, id);
  if (edition.state !== 'stopped') return; // said below, of the row that is held
  const publication = await requirePublication(db, edition.publication_id);
  const { now, public_url, profile, outside, overrides } = replacing;
  const looking = { publication, now, public_url, profile, outside };
  const { findings } = await examineWhole(db, edition, { ...looking, stage: 'approve' });
  requirePassable(findings, overrides);
}

async function requireRest(
  trx: Db,
  { id, edition_on, state, stale_at, withdrawn_at }: Edition,
  now: Temporal.Instant,
): Promise<Tally> {
  if (state !== 'stopped')
    throw conflict(`the edition of ${edition_on} is ${state}; expected one that is stopped`);
  if (withdrawn_at) throw conflict(`the edition of ${edition_on} was withdrawn`);
  if (Temporal.Instant.compare(now, stale_at) >= 0)
    throw conflict(`the edition of ${edition_on} is stale since ${stale_at}: it is too late for the others`);
  const tally = (await tallyEdition(trx, id)) as Tally; // what was stopped has a run
  if (tally.closed_at || tally.waiting === 0) throw conflict('nobody is left to send it to');
  if (await isInHand(trx, tally.run_id, now))
    throw conflict('messages are still being handed over; try again in a moment');
  return tally;
}

/** Whether a worker still has readers of a run in hand: what it holds is the mail as it was. */
async function isInHand(trx: Db, runId: number, now: Temporal.Instant): Promise<boolean> {
  const found = await trx
    .selectFrom('batches')
    .select('no')
    .where('run_id', '=', runId)
    .where('state', '=', 'leased')
    .where('lease_until', '>', now)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** The edition made up as it stands, approved if it is what the approver has seen. */
async function makeSeen(trx: Db, edition: Edition, replacing: Replacing): Promise<MadeUp> {
  const { by, now, public_url, profile, overrides } = replacing;
  const publication = await requirePublication(trx, edition.publication_id);
  const looking = { publication, public_url, now, profile, overrides };
  const made = await makeUp(trx, edition, looking);
  if ('not_green' in made) throw conflict(`the edition cannot go on: ${made.not_green}`);
  const hash = hashToApprove(edition, made.model);
  if (hash !== replacing.hash)
    throw conflict('the edition has changed since you looked at it; look again, then replace what is left');
  await voidApproval(trx, edition.id, { now, reason: `replaced by ${by.name}` });
  await writeApproval(trx, edition, { model: made.model, hash, approving: replacing });
  await keepRevision(trx, edition.id, { now, by, reason: `replaced by ${hash.slice(0, 8)}` });
  return made;
}

/** Gives those without a last word the plates of this pressing; returns which variants those are, as they were called at first. */
async function changePlates(trx: Db, runId: number, pressing: number): Promise<string[]> {
  const bare = sql<string>`regexp_replace(a.variant, ' r[0-9]+$', '')`;
  const { rows } = await sql<{ variant: string }>`
    with changed as (
      update audience a set variant = ${bare} || ${` r${pressing}`}
      where a.run_id = ${runId} and a.decision = 'send'
        and not exists (select from outcomes o where o.run_id = ${runId} and o.seq = a.seq and o.final)
      returning ${bare} as variant
    ) select distinct variant from changed`.execute(trx);
  return rows.map(({ variant }) => variant);
}
