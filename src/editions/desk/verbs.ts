import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid, notFound } from '../../errors.ts';
import { listSections, type Section } from '../../publications/section.ts';
import { isComposed } from '../edition.ts';
import { listItems } from '../item.ts';
import { approveComment, NO_COMMENT } from '../reader-comment.ts';
import { type Change, type Editor, edit, requireEditable, requireItem } from './edit.ts';
import type { Slot } from './field.ts';
import { isCrowded, type Standing, slotFor, type Wish } from './slot.ts';

/** Who acts, and when. */
export type Acting = { by: Editor; now: Instant };
type Edited = Promise<number | undefined>;

/** Moves an item within its part of the page, to another, or to the lead; what led before becomes the first top story. */
export function moveItem(db: Db, editionId: number, itemId: number, wish: Wish, acting: Acting): Edited {
  return onPage(db, editionId, acting, async (page) => {
    const item = await requireItem(page.trx, editionId, itemId);
    if (item.dropped_at) throw conflict('a dropped story has to be taken back before it can be moved');
    return {
      verb: wish.place === 'lead' ? 'make the lead' : 'move',
      changes: changesFor(page, itemId, wish),
    };
  });
}

/** Moves an item one up or down the page as it is read; past the end of its part into the next. */
export function stepItem(db: Db, editionId: number, itemId: number, step: -1 | 1, acting: Acting): Edited {
  return onPage(db, editionId, acting, async (page) => {
    const at = page.standing.findIndex(({ id }) => id === itemId);
    const [item, neighbour] = [page.standing[at], page.standing[at + step]];
    if (!item) throw notFound(`no item ${itemId} on the page of edition ${editionId}`);
    if (!neighbour) return { verb: 'move', changes: [] };
    const part = (of: Slot) => page.standing.filter((one) => isSamePart(one, of) && one.id !== itemId);
    const index = part(neighbour).findIndex(({ id }) => id === neighbour.id);
    const into = isSamePart(item, neighbour) ? index + (step > 0 ? 1 : 0) : index + (step > 0 ? 0 : 1);
    const { place, section_id } = neighbour;
    return { verb: 'move', changes: changesFor(page, itemId, { place, section_id, index: into }) };
  });
}

/** Drops an item into the tray; it can be taken back. */
export const dropItem = (db: Db, editionId: number, itemId: number, acting: Acting): Edited =>
  edit(db, editionId, {
    verb: 'drop',
    changes: [{ item_id: itemId, field: 'dropped', value: true }],
    ...acting,
  });

/** Takes an item back from the tray, to where it was, or where it is wanted. */
export function takeBack(
  db: Db,
  editionId: number,
  itemId: number,
  acting: Acting & { wish?: Wish | undefined },
): Edited {
  const { wish, ...told } = acting;
  return onPage(db, editionId, told, async (page) => {
    const item = await requireItem(page.trx, editionId, itemId);
    const back: Change = { item_id: itemId, field: 'dropped', value: false };
    const lead = page.standing.find(({ place }) => place === 'lead');
    const place: Wish | undefined =
      wish ?? (item.place === 'lead' && lead ? { ...item, place: 'top', index: 0 } : undefined);
    return { verb: 'take back', changes: place ? [back, ...changesFor(page, itemId, place)] : [back] };
  });
}

/**
 * Puts an article that is not on the page there: a candidate left out, one that came late, or any other of the newsletter's.
 * While the edition is gathering it is pinned: its place is kept for it when the others are picked.
 */
export function addArticle(db: Db, editionId: number, articleId: number, wish: Wish, acting: Acting): Edited {
  return onPage(db, editionId, acting, async (page) => {
    const { id, onPage: stands } = await requireItemOf(page, editionId, articleId, acting);
    if (stands) throw conflict('the story stands on the page already');
    const back: Change = { item_id: id, field: 'dropped', value: false };
    const pin: Change = { item_id: id, field: 'pinned', value: true };
    const changes = [back, ...changesFor(page, id, wish)];
    return { verb: 'add', changes: page.composed ? changes : [...changes, pin] };
  });
}

/**
 * Breaks into an edition with a story that cannot wait: it takes the top slot, says that it is breaking, and the edition
 * asks for an approver anew. Throws `conflict` for an edition whose stories are still to be picked.
 */
export function breakIn(db: Db, editionId: number, articleId: number, acting: Acting): Edited {
  return onPage(db, editionId, acting, async (page) => {
    if (!page.composed)
      throw conflict('the stories of this edition are still to be picked; pin it to the top');
    const { id } = await requireItemOf(page, editionId, articleId, acting);
    const taken: Change[] = [
      { item_id: id, field: 'dropped', value: false },
      { item_id: id, field: 'breaking', value: true },
    ];
    return {
      verb: 'break in',
      changes: [...taken, ...changesFor(page, id, { place: 'lead', section_id: null })],
    };
  });
}

/**
 * Picks the reader's comment of an edition by its id, which approves it; "none" shows none, and nothing leaves it to the
 * newest approved one. Throws `not_found`, and `conflict` where the story of the comment is not in the edition.
 */
export function pickComment(db: Db, editionId: number, picked: string, acting: Acting): Edited {
  return inTransaction(db, async (trx) => {
    if (picked !== '' && picked !== NO_COMMENT)
      await approveComment(trx, { editionId, id: Number(picked) }, acting);
    const value = picked === '' ? null : picked;
    return edit(trx, editionId, {
      verb: 'pick a comment',
      changes: [{ item_id: null, field: 'comment', value }],
      ...acting,
    });
  });
}

/** Asks for an article to be left out, whatever it scores, of an edition whose stories are still to be picked. */
export function leaveOut(db: Db, editionId: number, articleId: number, acting: Acting): Edited {
  return onPage(db, editionId, acting, async (page) => {
    if (page.composed) throw conflict('the stories of this edition are picked; drop it from the page');
    const { id } = await requireItemOf(page, editionId, articleId, { ...acting, standing: true });
    return { verb: 'leave out', changes: [{ item_id: id, field: 'dropped', value: true }] };
  });
}

/** The item of an article in an edition, and whether it is on the page; where there is none, one that is not (or, `standing`, that is) is made. */
async function requireItemOf(
  page: Page,
  editionId: number,
  articleId: number,
  making: Acting & { standing?: boolean },
): Promise<{ id: number; onPage: boolean }> {
  const article = await page.trx
    .selectFrom('articles')
    .select(['id', 'rev', 'withdrawn_at', 'publication_id'])
    .where('id', '=', articleId)
    .executeTakeFirst();
  if (!article || article.publication_id !== page.publication_id)
    throw notFound(`no article ${articleId} of this newsletter`);
  if (article.withdrawn_at) throw conflict('the story has been withdrawn');
  const known = await page.trx
    .selectFrom('edition_items')
    .select(['id', 'dropped_at'])
    .where('edition_id', '=', editionId)
    .where('article_id', '=', articleId)
    .executeTakeFirst();
  if (known) return { id: known.id, onPage: known.dropped_at === null };
  return { id: await insertItem(page, editionId, article, making), onPage: false };
}

type Page = {
  trx: Db;
  publication_id: number;
  composed: boolean;
  standing: Standing[];
  sections: Section[];
};

/** Does an edit that has to know the whole page, while nobody else changes it. */
function onPage(
  db: Db,
  editionId: number,
  acting: Acting,
  plan: (page: Page) => Promise<{ verb: string; changes: Change[] }>,
): Edited {
  return inTransaction(db, async (trx) => {
    const edition = await requireEditable(trx, editionId, acting);
    const { publication_id } = edition;
    const rows = await listItems(trx, editionId);
    const standing = rows.map(({ id, place, section_id, position }) => ({ id, place, section_id, position }));
    if (isCrowded(standing)) await spread(trx, standing);
    const sections = await listSections(trx, publication_id);
    const page = { trx, publication_id, composed: isComposed(edition), standing, sections };
    return edit(trx, editionId, { ...(await plan(page)), ...acting });
  });
}

function changesFor({ standing, sections }: Page, itemId: number, wish: Wish): Change[] {
  if (wish.place === 'section' && !sections.some(({ id }) => id === wish.section_id))
    throw invalid(
      `no section ${wish.section_id}; expected one of ${sections.map(({ id }) => id).join(', ')}`,
    );
  const others = standing.filter(({ id }) => id !== itemId);
  const lead = others.find(({ place }) => place === 'lead');
  const section_id =
    wish.place === 'section'
      ? wish.section_id
      : (standing.find(({ id }) => id === itemId)?.section_id ?? wish.section_id);
  const wanted = { ...wish, section_id };
  if (wish.place !== 'lead' || !lead)
    return [{ item_id: itemId, field: 'slot', value: slotFor(wanted, others, sections) }];
  const slot = { place: 'lead' as const, section_id, position: lead.position };
  const rest = others.map((one) => (one.id === lead.id ? { ...slot, id: itemId } : one));
  const deposed = slotFor({ place: 'top', section_id: lead.section_id, index: 0 }, rest, sections);
  return [
    { item_id: itemId, field: 'slot', value: slot },
    { item_id: lead.id, field: 'slot', value: deposed },
  ];
}

async function insertItem(
  { trx, standing }: Page,
  edition_id: number,
  { id, rev }: { id: number; rev: number },
  { now, standing: stands = false }: Acting & { standing?: boolean },
): Promise<number> {
  const last = standing.at(-1)?.position ?? 0;
  const row = await trx
    .insertInto('edition_items')
    .values({
      edition_id,
      article_id: id,
      place: 'brief',
      section_id: null,
      position: last + 1,
      base_rev: rev,
      dropped_at: stands ? null : now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Gives every item a whole number for its rank; nobody sees a difference. */
async function spread(trx: Db, standing: Standing[]): Promise<void> {
  for (const [at, one] of standing.entries()) {
    one.position = at;
    await trx.updateTable('edition_items').set({ position: at }).where('id', '=', one.id).execute();
  }
}

const isSamePart = (a: Slot, b: Slot): boolean =>
  a.place === b.place && (a.place !== 'section' || a.section_id === b.section_id);
