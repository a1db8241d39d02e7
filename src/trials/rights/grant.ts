import { type Selectable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { GrantSource } from '../../db/schema/readers.ts';
import type { Schema } from '../../db/schema.ts';
import { tableOf } from '../../db/table-of.ts';

/** A right to receive a publication, from one source, between two instants (no end: until it is closed). */
export type Grant = Selectable<Schema['grants']>;

/** The weightiest first: which of several grants names the reason a reader receives. */
export const GRANT_PRIORITY: readonly GrantSource[] = ['paid', 'licence', 'comp', 'gift', 'trial', 'grace'];

/** Sources under which a trial does not consume. */
export const OUTRANKING: readonly GrantSource[] = ['paid', 'licence', 'comp', 'gift'];

/** Where a trial's own grant comes from. */
export const trialSource = (trialId: number): string => `trial ${trialId}`;

/** Opens a grant and returns its id. Two of one source and id that overlap are refused by the database. */
export async function openGrant(
  trx: Db,
  grant: Pick<Grant, 'subscriber_id' | 'publication_id' | 'source' | 'source_id' | 'starts_at'> & {
    ends_at?: Instant | null;
  },
): Promise<number> {
  const { id } = await trx
    .insertInto('grants')
    .values({ ...grant, ends_at: grant.ends_at ?? null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** What names the grants of one source and id that a reader holds, and when they are to end. */
export type Ending = Pick<Grant, 'subscriber_id' | 'publication_id' | 'source_id'> & { at: Instant };

/** Ends the live grants that are named, each at its instant. */
export async function closeGrants(trx: Db, endings: Ending[]): Promise<void> {
  if (endings.length === 0) return;
  const named = tableOf('e', endings, {
    subscriber_id: 'bigint',
    publication_id: 'int',
    source_id: 'text',
    at: 'timestamptz',
  });
  await sql`
    update grants g set ends_at = greatest(g.starts_at, e.at) from ${named}
    where g.publication_id = e.publication_id and g.subscriber_id = e.subscriber_id and g.source_id = e.source_id
      and (g.ends_at is null or g.ends_at > e.at)`.execute(trx);
}

/** Moves the end of a grant, not before its beginning. */
export async function moveGrantEnd(trx: Db, id: number, ends_at: Instant): Promise<void> {
  const end = sql<Instant>`greatest(starts_at, ${ends_at}::timestamptz)`;
  await trx.updateTable('grants').set({ ends_at: end }).where('id', '=', id).execute();
}

/** The grants a reader holds at an instant, the weightiest first. */
export function listLiveGrants(
  db: Db,
  { subscriber_id, publication_id }: Pick<Grant, 'subscriber_id' | 'publication_id'>,
  { at }: { at: Instant },
): Promise<Grant[]> {
  return liveGrants(db, subscriber_id, at).where('publication_id', '=', publication_id).execute();
}

/** The grants a reader holds at an instant, to whatever publication, the weightiest first. */
export const listLiveGrantsOf = (db: Db, subscriberId: number, { at }: { at: Instant }): Promise<Grant[]> =>
  liveGrants(db, subscriberId, at).execute();

const liveGrants = (db: Db, subscriberId: number, at: Instant) =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where('starts_at', '<=', at)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', at)]))
    .orderBy(sql`array_position(${sql.val(GRANT_PRIORITY)}::text[], source)`)
    .orderBy('id');
