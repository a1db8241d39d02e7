import type { Db } from '../db/connect.ts';
import type { PlainDate } from '../db/schema/kinds.ts';
import { cutoffAt, pressAt } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import type { Edition } from './edition.ts';
import { pickStories } from './picking/pick.ts';
import { listWishes } from './picking/wish.ts';

/** What the page of a date would hold if it were picked from the articles there are now. */
export type ForeseenPage = {
  /** Articles that were looked at. */
  candidates: number;
  /** How many of them would stand on the page. */
  stories: number;
  lead: string | null;
};

/**
 * Picks the page of a coming date as composing does, from what there is at `now`, and writes nothing. `after`: an edition that
 * is made and has not gone yet; its stories count as told, as they will be. `gathering`: the edition of that date whose stories are still to be picked, with
 * what its editors have asked for.
 */
export async function foreseePage(
  db: Db,
  publication: Publication,
  date: PlainDate,
  {
    now,
    gathering,
    after,
  }: { now: Temporal.Instant; gathering?: Edition | undefined; after?: Edition | undefined },
): Promise<ForeseenPage> {
  const { candidates, selection } = await pickStories(db, publication, {
    now,
    cutoff_at: cutoffAt(publication, date),
    press_at: pressAt(publication, date),
    wishes: await listWishes(db, gathering?.id),
    ...(after && { previous: after }),
  });
  const [lead] = selection.placed;
  return {
    candidates: candidates.length,
    stories: selection.placed.length,
    lead: candidates.find(({ id }) => id === lead?.contender.article_id)?.headline ?? null,
  };
}
