import type { Db } from '../../db/connect.ts';
import { edit, requireItem } from '../../editions/desk/edit.ts';
import { type Field, parseWords } from '../../editions/desk/field.ts';
import type { Wish } from '../../editions/desk/slot.ts';
import { markStorySeen } from '../../editions/desk/story-changes.ts';
import { type Acting, dropItem, moveItem, stepItem, takeBack } from '../../editions/desk/verbs.ts';
import { invalid } from '../../errors.ts';
import { changesIn } from './words-form.ts';

type Target = { editionId: number; itemId: number };
type ItemVerb = (db: Db, target: Target, form: Record<string, string>, acting: Acting) => Promise<unknown>;

/** Where a form wants a story: "lead", "top", "brief", or "section 3"; `index` among those of that part. */
export function wishIn(place = '', index?: string): Wish {
  const at = index === undefined || !/^\d+$/.test(index) ? {} : { index: Number(index) };
  const [name, section] = place.split(' ');
  if (name === 'section' && section) return { place: 'section', section_id: Number(section), ...at };
  if (name === 'lead' || name === 'top' || name === 'brief') return { place: name, section_id: null, ...at };
  throw invalid(`"${place}" is no place on the page; expected lead, top, brief or a section`);
}

/** Writes the words of a form, of an item or of the edition itself; `revert` names a field that is to be the story's own again. */
export function writeWords(
  db: Db,
  editionId: number,
  itemId: number | null,
  form: Record<string, string>,
  acting: Acting,
): Promise<number | undefined> {
  const typed = form.revert ? { ...form, [form.revert]: '' } : form;
  return edit(db, editionId, { verb: 'write', changes: changesIn(typed, itemId), ...acting });
}

/** Turns an on and off field of an item over. */
const turn =
  (field: Extract<Field, 'pinned' | 'show_image'>, verb: string): ItemVerb =>
  async (db, { editionId, itemId }, _, acting) => {
    const item = await requireItem(db, editionId, itemId);
    return edit(db, editionId, {
      verb,
      changes: [{ item_id: itemId, field, value: !item[field] }],
      ...acting,
    });
  };

/** What can be done to one item, by the name in its address. */
export const ITEM_VERBS: Record<string, ItemVerb> = {
  up: (db, { editionId, itemId }, _, acting) => stepItem(db, editionId, itemId, -1, acting),
  down: (db, { editionId, itemId }, _, acting) => stepItem(db, editionId, itemId, 1, acting),
  place: (db, { editionId, itemId }, { place, index }, acting) =>
    moveItem(db, editionId, itemId, wishIn(place, index), acting),
  drop: (db, { editionId, itemId }, _, acting) => dropItem(db, editionId, itemId, acting),
  back: (db, { editionId, itemId }, _, acting) => takeBack(db, editionId, itemId, acting),
  lock: (db, { editionId, itemId }, { headline = '', summary = '' }, acting) =>
    edit(db, editionId, {
      verb: 'lock the words',
      changes: [
        { item_id: itemId, field: 'headline', value: parseWords('headline', headline) },
        { item_id: itemId, field: 'summary', value: parseWords('summary', summary) },
      ],
      ...acting,
    }),
  seen: (db, target, _, acting) => markStorySeen(db, target, acting),
  pin: turn('pinned', 'pin'),
  image: turn('show_image', 'picture'),
  words: (db, { editionId, itemId }, form, acting) => writeWords(db, editionId, itemId, form, acting),
};
