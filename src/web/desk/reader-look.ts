import type { Staff } from '../../accounts/staff/staff.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Page } from '../site.ts';

/** A look at what a named reader gets is written down, whoever looks; `on`: what was looked at. */
export const noteLook = (
  c: Page,
  { name }: Staff,
  { on, reader }: { on: string; reader: number },
): Promise<void> =>
  recordAudit(
    c.var.site.db,
    {
      actor: name,
      verb: 'look at an edition as its reader',
      subject: `subscriber ${reader}`,
      detail: { on },
    },
    { now: c.var.site.clock.now() },
  );
