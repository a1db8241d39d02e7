import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { inTransaction } from '../db/transaction.ts';
import { invalid } from '../errors.ts';
import { listSections } from '../publications/section.ts';
import { type Preferences, savePreferences } from './preferences.ts';
import { lockSubscriber, setZone } from './subscriber.ts';

/** What a reader says; `zone` is their own, for every publication, null: that of the publication. */
export type Said = Preferences & { zone: string | null };

/**
 * Writes down how a reader wants a publication from its next press on, and where they are. All sections named is the
 * same as none: those to come are then wanted too. Throws `invalid` for a zone that is none of IANA's, an hour that is
 * neither whole nor half, no section at all or one of another publication; `not_found`.
 */
export async function setPreferences(
  db: Db,
  subscriberId: number,
  publicationId: number,
  said: Said,
  { now }: { now: Instant },
): Promise<void> {
  const zone = said.zone === null ? null : zoneOf(said.zone);
  const morning_at = said.morning_at && halfHour(said.morning_at);
  await inTransaction(db, async (trx) => {
    await lockSubscriber(trx, subscriberId);
    const sections = said.sections && (await ownSections(trx, publicationId, said.sections));
    const wanted = { rhythm: said.rhythm, sections, morning_at };
    await setZone(trx, subscriberId, zone);
    await savePreferences(trx, {
      subscriber_id: subscriberId,
      publication_id: publicationId,
      ...wanted,
      changed_at: now,
    });
    const act = { actor: 'reader', verb: 'set preferences', subject: `subscriber ${subscriberId}` };
    // not where they are: the audit outlives a reader who is erased
    await recordAudit(trx, { ...act, detail: { publication_id: publicationId, ...wanted } }, { now });
  });
}

/** The zone as IANA spells it; an offset from UTC is no place with clock changes. */
function zoneOf(text: string): string {
  try {
    if (/^[a-z]/i.test(text))
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {}
  throw invalid(`"${text}" is no time zone; expected one such as America/New_York`);
}

function halfHour(time: Temporal.PlainTime): Temporal.PlainTime {
  if (time.equals(time.round({ smallestUnit: 'minute', roundingIncrement: 30, roundingMode: 'floor' })))
    return time;
  throw invalid(`${time} is no hour to choose; expected a whole or half one such as 07:00 or 07:30`);
}

/** In the order of the page; null where they are all there are. */
async function ownSections(trx: Db, publicationId: number, wanted: number[]): Promise<number[] | null> {
  const all = (await listSections(trx, publicationId)).map(({ id }) => id);
  const foreign = wanted.find((id) => !all.includes(id));
  if (foreign !== undefined) throw invalid(`section ${foreign} is none of this newsletter's`);
  if (wanted.length === 0) throw invalid('no section is chosen; expected at least one');
  const own = all.filter((id) => wanted.includes(id));
  return own.length === all.length ? null : own;
}
