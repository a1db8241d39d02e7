import type { DeskItem } from '../../editions/desk/read-desk.ts';
import type { Finding } from '../../press/checks/finding.ts';
import { BROUGHT, wordsForm } from './words-form.ts';

const LEVELS = { block: 'Blocks', hold: 'Holds', warn: 'Warning' };

/** A finding as a page shows it, with the way to where it is mended, if that is on the page. */
export const findingRow = ({ check, level, says, at }: Finding, items: readonly DeskItem[]) => ({
  check,
  level,
  label: LEVELS[level],
  says,
  way: wayTo(at, items),
});

/** The box of the field, else the story, as a fragment of the page. */
function wayTo(at: Finding['at'], items: readonly DeskItem[]): string | null {
  const item = items.find(({ article_id }) => article_id === at?.article_id);
  if (item) {
    const box = wordsForm(item, item.revs).find(({ field }) => field === at?.field);
    return box ? `#${item.id}-${box.field}` : `#item-${item.id}`;
  }
  if (!at?.field || at.article_id !== undefined) return null;
  return (BROUGHT as readonly string[]).includes(at.field) ? `#brought-${at.field}` : `#edition-${at.field}`;
}
