import type { Staff } from '../../accounts/staff/staff.ts';
import { type Deed, listDeeds, listRevisions } from '../../editions/desk/history.ts';
import { requireEdition } from '../../editions/edition.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { dayTime } from '../words.ts';
import { labelOf } from './words-form.ts';

/** Who did what to an edition and when, and what it said before, to be restored. */
export async function showHistory(c: Page, _: Staff, id: number): Promise<Response> {
  const { db } = c.var.site;
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const when = (at: Temporal.Instant) => dayTime(at, publication.zone);
  return show(c, 'desk-history', {
    title: `What was done to the edition of ${longDate(edition.edition_on.toString(), publication.lang)}`,
    publication,
    desk_url: routes.desk,
    back_url: path(routes.deskEdition, { id }),
    restore_url: path(routes.deskVerb, { id, verb: 'restore' }),
    may_restore: ['draft', 'in_review', 'approved', 'held'].includes(edition.state),
    deeds: (await listDeeds(db, id)).map((deed) => ({
      at: when(deed.at),
      actor: deed.actor,
      verb: deed.verb,
      reason: deed.reason,
      changes: deed.changes.map(changeRow),
    })),
    revisions: (await listRevisions(db, id)).map(({ rev, at, actor, reason, hash }) => ({
      rev,
      at: when(at),
      actor,
      reason,
      hash: hash.slice(0, 8),
    })),
  });
}

const changeRow = ({ field, headline, before, after }: Deed['changes'][number]) => ({
  label: labelOf(field as Parameters<typeof labelOf>[0]),
  headline,
  before: said(before),
  after: said(after),
});

/** A value in words. */
function said(value: unknown): string {
  if (value === null) return 'the story’s own';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return String((value as { place: string }).place);
  return String(value);
}
