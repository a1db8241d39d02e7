import type { Db } from '../../db/connect.ts';
import type { Publication } from '../../publications/publication.ts';
import { listSectionRules, listSections } from '../../publications/section.ts';
import { gatherCandidates } from './gather.ts';
import { judge } from './judge.ts';
import { select } from './select.ts';
import { listCarried, listTold } from './told.ts';
import { findHanded, findUntold, type Handed, windowOf } from './window.ts';
import { NO_WISHES, type Wishes } from './wish.ts';
import type { Composed } from './write.ts';

/** For which cutoff and press stories are picked, as of when; `previous`: after this edition instead of the last that was told. */
export type Picking = {
  now: Temporal.Instant;
  cutoff_at: Temporal.Instant;
  press_at: Temporal.Instant;
  wishes?: Wishes;
  previous?: Handed;
};

/** Gathers the window of an edition, judges its candidates and fills the page. Writes nothing. */
export async function pickStories(
  db: Db,
  publication: Publication,
  { now, cutoff_at, press_at, wishes = NO_WISHES, ...picking }: Picking,
): Promise<Omit<Composed, 'existing' | 'asked'>> {
  const before = { before: cutoff_at };
  const previous = picking.previous ?? (await findHanded(db, publication.id, before));
  const untold_from = previous ? undefined : await findUntold(db, publication.id, before);
  const window = windowOf(publication, { cutoff: cutoff_at, previous, untold_from });
  const told = await listTold(db, publication.id, before);
  const carried = await listCarried(db, publication.id, before);
  const candidates = await gatherCandidates(db, publication.id, window, {
    ...{ now, told: [...carried.keys()], wanted: [...wishes.pins.keys()] },
  });
  const sections = await listSections(db, publication.id);
  const rules = await listSectionRules(db, publication.id);
  const judged = judge(candidates, { window, press_at, sections, rules, told, carried, ...wishes });
  const selection = select(judged.contenders, {
    ...publication,
    sections,
    best_of: window.since !== null,
  });
  return { now, window, press_at, candidates, judged, selection };
}
