import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { type Edition, requireEdition } from '../edition.ts';
import { explainEdition, type Reasoned } from '../explain.ts';
import { listItemsAndDropped } from '../item.ts';
import { type Approval, findApproval } from './approval.ts';
import { type Stacks, stacksOf } from './undo.ts';

type Row = Awaited<ReturnType<typeof listItemsAndDropped>>[number];
/** An item at the desk: with the revisions that its fields are typed over, and the editor who touched it last. */
export type DeskItem = Row & { revs: Record<string, number>; touched_by: string | null };
/** An article that came after the cutoff, or was left out, and may be put on the page. */
export type Addable = Pick<
  Reasoned,
  'article_id' | 'headline' | 'url' | 'section' | 'reason' | 'detail' | 'score'
> & { published_at?: Instant };

/** Everything that the desk shows of an edition to one of the staff. */
export type Desk = {
  edition: Edition;
  revs: Record<string, number>;
  items: DeskItem[];
  dropped: DeskItem[];
  left_out: Addable[];
  pending: Addable[];
  approval: Approval | undefined;
  stacks: Stacks;
};

/** Left-out stories shown; a busy day has hundreds. */
const LEFT_OUT_SHOWN = 60;

/** Reads an edition for the desk; throws `not_found`. */
export async function readDesk(
  db: Db,
  editionId: number,
  { staffId, now }: { staffId: number | null; now: Instant },
): Promise<Desk> {
  const edition = await requireEdition(db, editionId);
  const touched = await readTouched(db, editionId);
  const rows = await listItemsAndDropped(db, editionId);
  const items = rows.map((row): DeskItem => ({ ...row, ...touchedOf(touched, row.id) }));
  const { absent } = await explainEdition(db, editionId);
  const onDesk = new Set(rows.map(({ article_id }) => article_id));
  return {
    edition,
    revs: touchedOf(touched, null).revs,
    items: items.filter(({ dropped_at }) => dropped_at === null),
    dropped: items.filter(({ dropped_at }) => dropped_at !== null),
    left_out: absent.filter(({ article_id }) => !onDesk.has(article_id)).slice(0, LEFT_OUT_SHOWN),
    pending: await listPending(db, edition, { now }),
    approval: await findApproval(db, editionId),
    stacks: await stacksOf(db, editionId, staffId),
  };
}

type Touched = { item_id: number | null; field: string; rev: number; actor: string };

/** The last change of each field. */
function readTouched(db: Db, editionId: number): Promise<Touched[]> {
  return db
    .selectFrom('edition_changes as c')
    .innerJoin('edition_edits as e', 'e.id', 'c.edit_id')
    .distinctOn(['c.item_id', 'c.field'])
    .select(['c.item_id', 'c.field', 'c.rev', 'e.actor'])
    .where('c.edition_id', '=', editionId)
    .orderBy('c.item_id')
    .orderBy('c.field')
    .orderBy('c.rev', 'desc')
    .execute();
}

function touchedOf(touched: Touched[], itemId: number | null) {
  const mine = touched.filter(({ item_id }) => item_id === itemId);
  return {
    revs: Object.fromEntries(mine.map(({ field, rev }) => [field, rev])),
    touched_by: mine.at(-1)?.actor ?? null,
  };
}

/** What came in since the candidates were frozen and nobody has looked at: the newest first. */
async function listPending(db: Db, edition: Edition, { now }: { now: Instant }): Promise<Addable[]> {
  const rows = await db
    .selectFrom('articles as a')
    .select(['a.id as article_id', 'a.headline', 'a.url', 'a.first_published_at'])
    .where('a.publication_id', '=', edition.publication_id)
    .where('a.ingested_at', '>', edition.composed_at ?? edition.cutoff_at)
    .where('a.ingested_at', '<=', now)
    .where('a.withdrawn_at', 'is', null)
    .where('a.no_digest', '=', false)
    .where(sql<boolean>`(a.embargoed_until is null or a.embargoed_until <= ${edition.press_at})`)
    .where(
      sql<boolean>`not exists (select from edition_items i where i.edition_id = ${edition.id} and i.article_id = a.id)`,
    )
    .orderBy('a.ingested_at', 'desc')
    .limit(LEFT_OUT_SHOWN)
    .execute();
  return rows.map(({ first_published_at, ...row }) => ({
    ...row,
    section: null,
    reason: 'pending',
    detail: '',
    published_at: first_published_at,
    score: null,
  }));
}
