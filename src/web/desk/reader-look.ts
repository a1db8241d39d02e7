import type { Staff } from '../../accounts/staff/staff.ts';
import { recordUnlessLately } from '../../audit/record.ts';
import type { Page } from '../site.ts';
import { shownIn } from './preview-pane.ts';

/** A page that follows what is typed looks again and again: one row stands for so long. */
const ONE_LOOK = { minutes: 5 };

/** Writes down that a named reader's mail is looked at, where the address of the page names one; `on`: what is looked at. */
export async function noteLook(c: Page, { name }: Staff, on: string): Promise<void> {
  const { reader } = shownIn(c);
  if (reader === null) return;
  const now = c.var.site.clock.now();
  const act = {
    actor: name,
    verb: 'look at an edition as its reader',
    subject: `subscriber ${reader}`,
    detail: { on },
  };
  await recordUnlessLately(c.var.site.db, act, { now, since: now.subtract(ONE_LOOK) });
}
