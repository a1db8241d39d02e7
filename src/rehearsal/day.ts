import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Edition } from '../editions/edition.ts';
import { whyNotPublishing } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import type { RehearsedDay } from './report.ts';

/** What the books say of one local date, `seconds` aside. */
export async function readDay(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
): Promise<Omit<RehearsedDay, 'seconds'>> {
  const edition = await db
    .selectFrom('editions')
    .selectAll()
    .where('publication_id', '=', publication.id)
    .where('edition_on', '=', date)
    .where('kind', '=', 'regular')
    .executeTakeFirst();
  const trials = await countTrials(db, publication, date);
  const base = { ...NOTHING, date: date.toString(), trials };
  if (!edition)
    return {
      ...base,
      status: 'skipped',
      reason: whyNotPublishing(publication, date) ?? 'no edition was made',
    };
  const found = {
    ...base,
    ...(await readCandidates(db, edition.id)),
    items: await listItems(db, edition.id),
  };
  if (!edition.pressed_at)
    return { ...found, status: 'skipped', reason: edition.reason ?? `it stayed ${edition.state}` };
  return {
    ...found,
    ...(await readRun(db, edition.id)),
    status: 'pressed',
    pressed_at: localTime(publication, edition.pressed_at),
    subject: edition.subject,
    preheader: edition.preheader,
  };
}

const NOTHING = {
  reason: null,
  pressed_at: null,
  seen: 0,
  items: [],
  left_out: {},
  subject: null,
  preheader: null,
  html_bytes: 0,
  audience: 0,
  accepted: 0,
  failed: 0,
  skipped: 0,
  unknown: 0,
};

function listItems(db: Db, editionId: number): Promise<RehearsedDay['items']> {
  return db
    .selectFrom('edition_items as i')
    .innerJoin('articles as a', 'a.id', 'i.article_id')
    .leftJoin('sections as s', 's.id', 'i.section_id')
    .select(({ fn, ref, val }) => [
      fn.coalesce('i.headline', ref('a.headline')).as('title'),
      'a.url',
      fn.coalesce('s.name', val('')).as('section'),
      'i.place',
      'i.follow_up',
    ])
    .where('i.edition_id', '=', editionId)
    .where('i.dropped_at', 'is', null)
    .orderBy('i.position')
    .execute();
}

async function readCandidates(
  db: Db,
  editionId: number,
): Promise<{ seen: number; left_out: Record<string, number> }> {
  const rows = await db
    .selectFrom('edition_candidates')
    .select(['picked', 'reason', ({ fn }) => fn.countAll<number>().as('count')])
    .where('edition_id', '=', editionId)
    .groupBy(['picked', 'reason'])
    .orderBy('count', 'desc')
    .execute();
  return {
    seen: rows.reduce((sum, row) => sum + row.count, 0),
    left_out: Object.fromEntries(rows.filter((row) => !row.picked).map((row) => [row.reason, row.count])),
  };
}

async function readRun(db: Db, editionId: Edition['id']) {
  const run = await db.selectFrom('runs').selectAll().where('edition_id', '=', editionId).executeTakeFirst();
  const { html_bytes } = await db
    .selectFrom('plates')
    .select(({ fn }) => fn.max('html_bytes').as('html_bytes'))
    .where('edition_id', '=', editionId)
    .executeTakeFirstOrThrow();
  return {
    html_bytes: html_bytes ?? 0,
    audience: run?.audience_count ?? 0,
    accepted: run?.accepted_count ?? 0,
    failed: run?.failed_count ?? 0,
    skipped: run?.skipped_count ?? 0,
    unknown: run?.unknown_count ?? 0,
  };
}

/** Trials whose first edition was accepted, and trials that ended, on this local date. */
async function countTrials(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
): Promise<RehearsedDay['trials']> {
  const { rows } = await sql<{ started: number; ended: number }>`
    select count(*) filter (where e.to_state = 'running' and e.event = 'edition_accepted') as started,
           count(*) filter (where e.to_state = 'ended') as ended
    from trial_events e join trials t on t.id = e.trial_id
    where t.publication_id = ${publication.id} and (e.effective_at at time zone ${publication.zone})::date = ${date}`.execute(
    db,
  );
  return rows[0] as RehearsedDay['trials'];
}

function localTime({ zone }: Publication, at: Temporal.Instant): string {
  return at.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never', smallestUnit: 'second' });
}
