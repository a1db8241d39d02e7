import type { Db } from '../../db/connect.ts';
import type { EditionContent } from '../content.ts';
import type { Edition } from '../edition.ts';
import { type Difference, diffContents } from './diff.ts';
import { contentNow } from './keep-revision.ts';

/** What is otherwise than when an edition was last approved, and whether that is a story that breaks in, and nothing else. */
export type SinceApproved = { differences: Difference[]; breaks_in_alone: boolean };

/** The edition's own words may follow what breaks in; of the stories, those that stood above give way. */
const FOLLOWS = ['subject', 'preheader', 'place'];

/** Compares an edition with what was last approved of it; undefined where nothing was. */
export async function sinceApproved(db: Db, { id }: Pick<Edition, 'id'>): Promise<SinceApproved | undefined> {
  const approved = await db
    .selectFrom('edition_revisions')
    .select('content')
    .where('edition_id', '=', id)
    .where('reason', 'like', 'approved %')
    .orderBy('rev', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!approved) return undefined;
  const differences = diffContents(approved.content as EditionContent, await contentNow(db, id));
  const breaks = differences.filter(({ what }) => what === 'breaks in');
  const isAlone = differences.every(({ what }) => what === 'breaks in' || FOLLOWS.includes(what));
  return { differences, breaks_in_alone: breaks.length > 0 && isAlone };
}
