import type { Db } from '../../db/connect.ts';
import type { Pin } from './select.ts';

/** What editors want of an edition whose stories are still to be picked: some in their places, some left out. */
export type Wishes = { pins: Map<number, Pin>; dropped: Set<number> };

export const NO_WISHES: Wishes = { pins: new Map(), dropped: new Set() };

/** What editors asked for while the edition was gathering, by article; nothing where there is no such edition. */
export async function listWishes(db: Db, editionId: number | undefined): Promise<Wishes> {
  if (editionId === undefined) return NO_WISHES;
  const rows = await db
    .selectFrom('edition_items')
    .select(['article_id', 'place', 'section_id', 'pinned', 'dropped_at'])
    .where('edition_id', '=', editionId)
    .orderBy('position')
    .execute();
  const pinned = rows.filter((row) => row.pinned && !row.dropped_at);
  return {
    pins: new Map(
      pinned.map(({ article_id, place, section_id }, rank) => [article_id, { place, section_id, rank }]),
    ),
    dropped: new Set(rows.flatMap(({ article_id, dropped_at }) => (dropped_at ? [article_id] : []))),
  };
}

/** An item that an edition has before its stories are picked, with the words that an editor wrote for it. */
export type Asked = { id: number; headline: string | null; summary: string | null };

/** Those items, by article; none where there is no such edition. */
export async function listAsked(db: Db, editionId: number | undefined): Promise<Map<number, Asked>> {
  if (editionId === undefined) return new Map();
  const rows = await db
    .selectFrom('edition_items')
    .select(['article_id', 'id', 'headline', 'summary'])
    .where('edition_id', '=', editionId)
    .execute();
  return new Map(rows.map(({ article_id, ...asked }) => [article_id, asked]));
}
