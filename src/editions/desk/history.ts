import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { invalid, notFound } from '../../errors.ts';
import type { EditionContent } from '../content.ts';
import { requireEdition } from '../edition.ts';
import { listItemsAndDropped } from '../item.ts';
import { type Difference, diffContents } from './diff.ts';
import { type Change, edit } from './edit.ts';
import { EDITION_WORDS, type Field, ITEM_WORDS, type Values } from './field.ts';
import { keepRevision } from './keep-revision.ts';
import type { Acting } from './verbs.ts';

/** One thing that was done to an edition: an edit with what it changed, or a move from one state to another. */
export type Deed = {
  at: Temporal.Instant;
  actor: string;
  verb: string;
  reason: string | null;
  changes: { field: string; headline: string | null; before: unknown; after: unknown }[];
};

/** So much of the history is shown. */
const SHOWN = 200;

/** What was done to an edition, the latest first. */
export async function listDeeds(db: Db, editionId: number): Promise<Deed[]> {
  const edits = await db
    .selectFrom('edition_edits')
    .selectAll()
    .where('edition_id', '=', editionId)
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute();
  const changes = await db
    .selectFrom('edition_changes as c')
    .leftJoin('edition_items as i', 'i.id', 'c.item_id')
    .leftJoin('articles as a', 'a.id', 'i.article_id')
    .select(['c.edit_id', 'c.field', 'c.before', 'c.after', 'a.headline'])
    .where('c.edition_id', '=', editionId)
    .orderBy('c.edit_id')
    .execute();
  const moves = await db
    .selectFrom('edition_moves')
    .selectAll()
    .where('edition_id', '=', editionId)
    .execute();
  const deeds = [
    ...edits.map(({ id, at, actor, verb, reason }) => ({
      ...{ at, actor, verb, reason },
      changes: changes.filter(({ edit_id }) => edit_id === id).map(({ edit_id, ...change }) => change),
    })),
    ...moves.map(({ at, actor, from_state, to_state, reason }) => ({
      ...{ at, actor, reason, verb: `${from_state} → ${to_state}`.replaceAll('_', ' ') },
      changes: [],
    })),
  ];
  return deeds.sort((a, b) => Temporal.Instant.compare(b.at, a.at));
}

/** The last edit of an edition (0 where there is none), by whom, and the state it stands in: what another browser compares. */
export async function lastEdit(
  db: Db,
  editionId: number,
): Promise<{ edit: number; by: string; state: string }> {
  const { state } = await requireEdition(db, editionId);
  const last = await db
    .selectFrom('edition_edits')
    .select(['id', 'actor'])
    .where('edition_id', '=', editionId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { edit: last?.id ?? 0, by: last?.actor ?? '', state };
}

/** What an edition said at some time. */
export type Revision = { rev: number; at: Temporal.Instant; actor: string; reason: string; hash: string };

/** The revisions of an edition, the latest first. */
export async function listRevisions(db: Db, editionId: number): Promise<Revision[]> {
  return db
    .selectFrom('edition_revisions')
    .select(['rev', 'at', 'actor', 'reason', 'content_hash as hash'])
    .where('edition_id', '=', editionId)
    .orderBy('rev', 'desc')
    .execute();
}

/** What an edition said in a revision; throws `not_found`. */
async function requireContent(db: Db, editionId: number, rev: number): Promise<EditionContent> {
  const found = await db
    .selectFrom('edition_revisions')
    .select('content')
    .where('edition_id', '=', editionId)
    .where('rev', '=', rev)
    .executeTakeFirst();
  if (found) return found.content as EditionContent;
  throw notFound(`no revision ${rev} of edition ${editionId}`);
}

const LONGEST_NAME = 100;

/** Keeps what an edition says now under a name, to be found and restored. Throws `invalid` for no name, or a long one. */
export async function nameVersion(
  db: Db,
  editionId: number,
  name: string,
  { by, now }: Acting,
): Promise<number> {
  const words = name.replace(/\s+/g, ' ').trim();
  if (words === '' || words.length > LONGEST_NAME)
    throw invalid(`the name has ${words.length} characters; 1 to ${LONGEST_NAME} expected`);
  await requireEdition(db, editionId);
  return inTransaction(db, (trx) => keepRevision(trx, editionId, { now, by, reason: `named: ${words}` }));
}

/** What is otherwise in one revision of an edition than in another. Throws `not_found`. */
export async function compareRevisions(
  db: Db,
  editionId: number,
  { from, to }: { from: number; to: number },
): Promise<Difference[]> {
  return diffContents(await requireContent(db, editionId, from), await requireContent(db, editionId, to));
}

/**
 * Lets an edition say again what it said in a revision: one edit like any other, which can be undone. What was put on the
 * page since goes to the tray. Returns the id of the edit, undefined where it says so already. Throws `not_found`.
 */
export async function restoreRevision(
  db: Db,
  editionId: number,
  rev: number,
  acting: Acting,
): Promise<number | undefined> {
  const content = await requireContent(db, editionId, rev);
  const rows = await listItemsAndDropped(db, editionId);
  const changes = rows.flatMap(({ id, article_id }) => {
    const then = content.items.find((item) => item.article_id === article_id);
    return then ? changesTo(id, valuesOf(then)) : changesTo(id, { dropped: true });
  });
  const { subject, preheader, editors_line, brought } = content;
  const whole = changesTo(null, { ...NO_EDITION_WORDS, editors_line, ...brought, subject, preheader });
  return edit(db, editionId, { verb: `restore revision ${rev}`, changes: [...whole, ...changes], ...acting });
}

function valuesOf(item: EditionContent['items'][number]): Partial<Values> {
  const { place, section_id, position, pinned, show_image, dropped = false, breaking = false, own } = item;
  const slot = { place, section_id, position };
  return { slot, pinned, show_image, dropped, breaking, ...NO_ITEM_WORDS, ...own };
}

const NO_EDITION_WORDS = Object.fromEntries(EDITION_WORDS.map((field) => [field, null]));
const NO_ITEM_WORDS = Object.fromEntries(ITEM_WORDS.map((field) => [field, null]));

const changesTo = (item_id: number | null, values: Partial<Values>): Change[] =>
  Object.entries(values).map(([field, value]) => ({ item_id, field: field as Field, value }) as Change);
