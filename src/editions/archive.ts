import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { EditionState } from '../db/schema/editions.ts';
import type { Schema } from '../db/schema.ts';
import { requirePublication } from '../publications/publication.ts';
import { correctModel } from './corrections/correct-model.ts';
import { listCorrections } from './corrections/correction.ts';
import type { EditionKind } from './edition.ts';
import type { EditionModel } from './model.ts';

/** One that was stopped on its way is not shown: whoever stopped it had a reason. */
export const PUBLIC_STATES: EditionState[] = ['pressing', 'pressed'];

/** An edition that anybody may read: what its readers were handed. */
export type PublicEdition = Selectable<Schema['editions']> & { model: EditionModel };

/** What an archive holds: the regular editions, and the weekly round-ups beside them. */
export const ARCHIVED: EditionKind[] = ['regular', 'weekly'];
/** Which editions: of these kinds, the regular ones unless said. */
type Kinds = { kinds?: readonly EditionKind[] };

/** Editions that anybody may read, newest first, `offset` of them passed over. */
export async function listPublicEditions(
  db: Db,
  publicationId: number,
  { limit, offset = 0, kinds }: { limit: number; offset?: number } & Kinds,
): Promise<PublicEdition[]> {
  const rows = await publicEditions(db, publicationId, kinds)
    .selectAll()
    .orderBy('edition_on', 'desc')
    .orderBy('kind', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return withCorrections(db, rows as PublicEdition[]);
}

/** How many editions anybody may read. */
export async function countPublicEditions(
  db: Db,
  publicationId: number,
  { kinds }: Kinds = {},
): Promise<number> {
  const { total } = await publicEditions(db, publicationId, kinds)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

/** The edition of a date with the dates of those of its kind before and after it; undefined where none of that date is public. */
export async function findPublicEdition(
  db: Db,
  publicationId: number,
  date: Temporal.PlainDate,
  { kind = 'regular' }: { kind?: EditionKind } = {},
): Promise<{ edition: PublicEdition; earlier?: Temporal.PlainDate; later?: Temporal.PlainDate } | undefined> {
  const all = publicEditions(db, publicationId, [kind]);
  const [edition, earlier, later] = await Promise.all([
    all.selectAll().where('edition_on', '=', date).executeTakeFirst(),
    all
      .select('edition_on')
      .where('edition_on', '<', date)
      .orderBy('edition_on', 'desc')
      .limit(1)
      .executeTakeFirst(),
    all.select('edition_on').where('edition_on', '>', date).orderBy('edition_on').limit(1).executeTakeFirst(),
  ]);
  if (!edition) return undefined;
  const [corrected] = await withCorrections(db, [edition as PublicEdition]);
  return {
    edition: corrected as PublicEdition,
    ...(earlier && { earlier: earlier.edition_on }),
    ...(later && { later: later.edition_on }),
  };
}

/** As they are told since: what was wrong in them is right, and said to have been wrong. */
async function withCorrections(db: Db, editions: PublicEdition[]): Promise<PublicEdition[]> {
  const corrections = await listCorrections(
    db,
    editions.map(({ id }) => id),
  );
  const [first] = editions;
  if (!first || corrections.length === 0) return editions;
  const { zone } = await requirePublication(db, first.publication_id);
  return editions.map((edition) => {
    const own = corrections.filter(({ edition_id }) => edition_id === edition.id);
    return { ...edition, model: correctModel(edition.model, own, zone) };
  });
}

/** Those of a publication's editions that anybody may read, of these kinds. */
export const publicEditions = (db: Db, publicationId: number, kinds: readonly EditionKind[] = ['regular']) =>
  db
    .selectFrom('editions')
    .where('publication_id', '=', publicationId)
    .where('kind', 'in', kinds)
    .where('state', 'in', PUBLIC_STATES)
    .where('withdrawn_at', 'is', null)
    .where('model', 'is not', null);
