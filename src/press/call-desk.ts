import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { findApproval } from '../editions/desk/approval.ts';
import type { Edition } from '../editions/edition.ts';
import { PresstimeError } from '../errors.ts';
import { askForLetters } from '../letters/letter.ts';
import type { DeskCall } from '../messages/letters/desk-call.ts';
import { dayTimeLabel } from '../messages/words/date-label.ts';
import { type Publication, requirePublication } from '../publications/publication.ts';
import { path, routes } from '../routes.ts';
import type { Finding, Profile } from './checks/finding.ts';
import { type Consequence, consequenceOf } from './consequence.ts';
import type { Examining } from './examine.ts';
import { examineNow, examineWhole } from './examine-whole.ts';
import type { Outside } from './look-outside.ts';
import { policyFor } from './policy.ts';

/** Whom to call, by their subscriber ids, and with what the edition is looked at. */
export type Calling = {
  now: Instant;
  staff: readonly number[];
  public_url: string;
  profile?: Profile | undefined;
  outside?: Outside | undefined;
};

/** Minutes before press, and after it while the edition is held, at which the staff are called (DESK §2). */
const BEFORE = [15, 30, 55];
const AFTER = [60, 30, 15, 0];
/** So many findings are named. */
const NAMED = 10;
const LABELS = { block: 'Blocks', hold: 'Holds', warn: 'Warning' };

/**
 * Calls the staff to every edition whose press is near, or that is held over it, or was skipped as stale: a letter to each
 * for each stage, and to nobody twice for one. Returns how many letters were asked for.
 */
export async function callDesk(db: Db, calling: Calling): Promise<{ letters: number }> {
  const { now, staff } = calling;
  if (staff.length === 0) return { letters: 0 };
  let letters = 0;
  const troubles: unknown[] = [];
  for (const edition of await listNear(db, now)) {
    const stage = stageOf(edition, now);
    if (stage === undefined || (await isCalled(db, edition, stage))) continue;
    const described = await describeCall(db, edition, calling).catch(
      (error: unknown) => void troubles.push(error),
    );
    if (!described) continue;
    const { detail, comes, minutes } = described;
    // a quarter of an hour before press only what will not go by itself is worth a call
    if (minutes > 0 && minutes <= 15 && comes === 'sent') continue;
    const asked = staff.map((subscriber_id) => ({
      subscriber_id,
      publication_id: edition.publication_id,
      trial_id: null,
      letter: 'desk-call' as const,
      anchor: anchorOf(edition, stage),
      due_at: now,
      detail,
    }));
    letters += await askForLetters(db, asked, { now });
  }
  if (troubles.length > 0)
    throw new AggregateError(troubles, `${troubles.length} editions could not be looked at`);
  return { letters };
}

/** Editions with their press within the hour, or past it and not gone. */
function listNear(db: Db, now: Instant): Promise<Edition[]> {
  return db
    .selectFrom('editions')
    .selectAll()
    .where('state', 'in', ['draft', 'in_review', 'approved', 'held', 'skipped'])
    .where('press_at', '<=', now.add({ minutes: Math.max(...BEFORE) }))
    .where('stale_at', '>', now.subtract({ hours: 1 }))
    .execute();
}

/** The stage that an edition has come to, the last one where several were missed; undefined where nobody need be called. */
function stageOf(
  { state, press_at, reason }: Pick<Edition, 'state' | 'press_at' | 'reason'>,
  now: Instant,
): string | undefined {
  const minutes = (press_at.epochMilliseconds - now.epochMilliseconds) / 60_000;
  if (state === 'skipped') return reason?.startsWith('stale') ? 'skipped' : undefined;
  if (minutes > 0) {
    const stage = BEFORE.find((before) => minutes <= before);
    const isCalled = stage !== undefined && (state !== 'approved' || stage === Math.max(...BEFORE));
    return isCalled ? `T-${stage}` : undefined;
  }
  const since = AFTER.find((after) => -minutes >= after);
  return state === 'held' && since !== undefined ? `T+${since}` : undefined;
}

const anchorOf = ({ id }: Edition, stage: string): string => `edition ${id} ${stage}`;

async function isCalled(db: Db, edition: Edition, stage: string): Promise<boolean> {
  const found = await db
    .selectFrom('letters')
    .select('id')
    .where('letter', '=', 'desk-call')
    .where('anchor', '=', anchorOf(edition, stage))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** What a letter to the staff says of an edition as it stands, with what comes of doing nothing and the minutes to press. */
export async function describeCall(
  db: Db,
  edition: Edition,
  calling: Omit<Calling, 'staff'>,
): Promise<{ detail: DeskCall; comes: Consequence['comes']; minutes: number }> {
  const { now, public_url, profile, outside } = calling;
  const publication = await requirePublication(db, edition.publication_id);
  const approval = await findApproval(db, edition.id);
  const isOver = edition.state === 'skipped';
  const looking = { publication, public_url, now, profile };
  const findings = isOver ? [] : await findingsOf(db, edition, { ...looking, outside });
  const { says, comes } = consequenceOf(edition, await policyFor(db, edition, publication), {
    findings,
    approval,
  });
  const minutes = Math.ceil((edition.press_at.epochMilliseconds - now.epochMilliseconds) / 60_000);
  const detail = {
    title_line: titleOf(edition, { minutes, approved: approval !== undefined }),
    headline: edition.subject ?? 'No subject',
    press_line: `Goes to press ${pressLabel(edition, publication)}.`,
    consequence: says,
    findings: findings.slice(0, NAMED).map(toNamed),
    review_url: public_url + path(routes.deskReview, { id: edition.id }),
  };
  return { detail, comes, minutes };
}

const toNamed = ({ check, level, says }: Finding) => ({ label: `${LABELS[level]} ${check}`, says });

function titleOf({ state }: Edition, { minutes, approved }: { minutes: number; approved: boolean }): string {
  if (state === 'skipped') return 'Skipped: the edition went stale';
  if (state === 'held')
    return minutes > 0 ? `Held, and press in ${minutes} minutes` : 'Held: the edition has not gone';
  return `Press in ${minutes} minutes: ${approved ? 'approved' : 'nobody has approved'}`;
}

/** A quarter of an hour before press this is looked at each minute, so what was found before has to do; what cannot be made up blocks. */
async function findingsOf(
  db: Db,
  edition: Edition,
  { outside, ...looking }: Examining & { outside: Outside | undefined },
): Promise<Finding[]> {
  const isNear = stageOf(edition, looking.now) === `T-${Math.min(...BEFORE)}`;
  try {
    return isNear
      ? (await examineNow(db, edition, looking)).findings
      : (await examineWhole(db, edition, { ...looking, outside, stage: 'call' })).findings;
  } catch (error) {
    if (!(error instanceof PresstimeError) || error.kind !== 'invalid') throw error;
    return [{ check: 'P05', level: 'block', says: error.message }];
  }
}

const pressLabel = ({ press_at }: Edition, { zone, lang }: Publication): string =>
  dayTimeLabel(press_at.toZonedDateTimeISO(zone), lang);
