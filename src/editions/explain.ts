import type { Db } from '../db/connect.ts';
import { requirePublication } from '../publications/publication.ts';
import { type Edition, requireEdition } from './edition.ts';

/** One article in or out of an edition, with all that decided it. */
export type Reasoned = {
  article_id: number;
  headline: string;
  url: string;
  section: string | null;
  /** Its place on the page, or null where it has none. */
  place: string | null;
  follow_up: boolean;
  reason: string;
  detail: string;
  score: number | null;
  score_parts: Record<string, number> | null;
};
/** Why an edition is as it is: its items in the order of the page, then the others, best first. */
export type Explanation = {
  publication: string;
  edition: Pick<
    Edition,
    'id' | 'edition_on' | 'number' | 'state' | 'layout' | 'reason' | 'subject' | 'preheader'
  > & { window_from: string | null; window_to: string | null };
  items: Reasoned[];
  absent: Reasoned[];
};

/** Gathers the reasons stored with an edition; throws `not_found`. */
export async function explainEdition(db: Db, editionId: number): Promise<Explanation> {
  const edition = await requireEdition(db, editionId);
  const publication = await requirePublication(db, edition.publication_id);
  const rows = await listReasons(db, editionId);
  const { id, edition_on, number, state, layout, reason, subject, preheader } = edition;
  const local = (at: Temporal.Instant | null) =>
    at?.toZonedDateTimeISO(publication.zone).toString({ timeZoneName: 'never', smallestUnit: 'minute' }) ??
    null;
  return {
    publication: publication.name,
    edition: {
      id,
      edition_on,
      number,
      state,
      layout,
      reason,
      subject,
      preheader,
      window_from: local(edition.window_from),
      window_to: local(edition.window_to),
    },
    items: rows.filter(({ place }) => place !== null),
    absent: rows.filter(({ place }) => place === null),
  };
}

/** The explanation for a terminal `width` columns wide: one line a story, its reason below it. */
export function explanationText({ publication, edition, items, absent }: Explanation, width = 100): string {
  const head = [
    `${publication}, ${edition.edition_on}${edition.number ? `, no. ${edition.number}` : ''}: ${edition.state}`,
    edition.reason && `  ${edition.reason}`,
    edition.window_from && `  window: after ${edition.window_from} up to ${edition.window_to}`,
    edition.subject && `  subject: ${edition.subject}`,
    edition.preheader && `  preheader: ${edition.preheader}`,
  ].filter(Boolean);
  const counts = Map.groupBy(absent, ({ reason }) => reason);
  const tally = [...counts].map(([reason, list]) => `${reason} ${list.length}`).join(', ');
  return [
    ...head,
    '',
    `IN (${items.length})`,
    ...items.flatMap((item) => linesOf(item, width)),
    '',
    `OUT (${absent.length}${tally && `: ${tally}`})`,
    ...absent.flatMap((item) => linesOf(item, width)),
    '',
  ].join('\n');
}

function linesOf(item: Reasoned, width: number): string[] {
  const score = item.score === null ? '    –' : item.score.toFixed(1).padStart(5);
  const label = (item.place ?? item.reason).padEnd(14);
  const update = item.follow_up ? 'Update: ' : '';
  const parts = Object.entries(item.score_parts ?? {})
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `${name} ${value}`);
  const why = [item.detail, item.section, parts.join(', ')].filter(Boolean).join(' · ');
  return [`${score} ${label} ${update}${item.headline}`, `      ${why}`].map((line) => cut(line, width));
}

const cut = (line: string, width: number): string =>
  line.length > width ? `${line.slice(0, width - 1)}…` : line;

async function listReasons(db: Db, editionId: number): Promise<Reasoned[]> {
  const rows = await db
    .selectFrom('edition_candidates as c')
    .innerJoin('articles as a', 'a.id', 'c.article_id')
    .leftJoin('edition_items as i', (join) =>
      join
        .onRef('i.edition_id', '=', 'c.edition_id')
        .onRef('i.article_id', '=', 'c.article_id')
        .on('i.dropped_at', 'is', null),
    )
    .leftJoin('sections as s', 's.id', 'i.section_id')
    .select([
      'c.article_id',
      'a.headline',
      'a.url',
      's.name as section',
      'i.place',
      'i.follow_up',
      'c.reason',
      'c.detail',
      'c.score',
      'c.score_parts',
    ])
    .where('c.edition_id', '=', editionId)
    .orderBy('i.position', (order) => order.asc().nullsLast())
    .orderBy('c.score', (order) => order.desc().nullsLast())
    .orderBy('c.article_id')
    .execute();
  return rows.map((row) => ({ ...row, follow_up: row.follow_up ?? false }));
}
