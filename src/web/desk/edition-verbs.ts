import { addComment, resolveComment } from '../../accounts/staff/comment.ts';
import { listStaff, type Staff } from '../../accounts/staff/staff.ts';
import { importPage } from '../../articles/intake/import.ts';
import { writeStory } from '../../articles/write-story.ts';
import { dropNote } from '../../editions/corrections/correct.ts';
import { nameVersion, restoreRevision } from '../../editions/desk/history.ts';
import { holdEdition, releaseEdition, skipEdition, submitEdition } from '../../editions/desk/state.ts';
import { redo, undo } from '../../editions/desk/undo.ts';
import { addArticle, breakIn, leaveOut, pickComment } from '../../editions/desk/verbs.ts';
import { requireEdition } from '../../editions/edition.ts';
import { invalid } from '../../errors.ts';
import { approveEdition } from '../../press/approve.ts';
import { examineWhole } from '../../press/examine-whole.ts';
import { replacePress } from '../../press/replace.ts';
import { resumePress, stopPress } from '../../press/stop.ts';
import { sendTest } from '../../press/test-send.ts';
import { requirePublication } from '../../publications/publication.ts';
import { readForm, readValues } from '../request/form.ts';
import type { Page } from '../site.ts';
import { correctAsTyped } from './corrections.ts';
import { wishIn, writeWords } from './item-verbs.ts';
import { requireStaff } from './member.ts';
import { personaIn } from './preview-pane.ts';

type Verb = (c: Page, staff: Staff, id: number, form: Record<string, string>) => Promise<unknown>;

/** What can be done to a whole edition; an approver's verbs ask for one. */
export const EDITION_VERBS: Record<string, Verb> = {
  words: (c, staff, id, form) => writeWords(c.var.site.db, id, null, form, acting(c, staff)),
  add: (c, staff, id, form) => put(c, staff, id, Number(form.article), form.place),
  'pick-comment': (c, staff, id, { comment = '' }) =>
    pickComment(c.var.site.db, id, comment, acting(c, staff)),
  'leave-out': (c, staff, id, { article }) => leaveOut(c.var.site.db, id, Number(article), acting(c, staff)),
  comment: (c, staff, id, { text = '', item = '' }) =>
    addComment(
      c.var.site.db,
      { edition_id: id, item_id: item === '' ? null : Number(item), staff_id: staff.id, text },
      acting(c, staff),
    ),
  resolve: (c, staff, id, { comment }) =>
    resolveComment(
      c.var.site.db,
      { edition_id: id, id: Number(comment) },
      { now: c.var.site.clock.now(), by: staff.name },
    ),
  bring: (c, staff, id, form) => bring(c, staff, id, form),
  name: (c, staff, id, { name = '' }) => nameVersion(c.var.site.db, id, name, acting(c, staff)),
  undo: (c, staff, id) => undo(c.var.site.db, id, acting(c, staff)),
  redo: (c, staff, id) => redo(c.var.site.db, id, acting(c, staff)),
  restore: (c, staff, id, { rev }) => restoreRevision(c.var.site.db, id, Number(rev), acting(c, staff)),
  test: (c, staff, id) => test(c, staff, id),
  submit: async (c, staff, id) => {
    await submitEdition(c.var.site.db, id, acting(c, staff));
    await lookWhole(c, id);
  },
  hold: (c, staff, id, { reason = '' }) => holdEdition(c.var.site.db, id, { ...acting(c, staff), reason }),
  skip: (c, staff, id, { reason = '' }) => skipEdition(c.var.site.db, id, { ...acting(c, staff), reason }),
  stop: (c, staff, id, { reason = '' }) => stopPress(c.var.site.db, id, { ...acting(c, staff), reason }),
  correct: (c, staff, id, form) => correctAsTyped(c.var.site.db, id, form, acting(c, staff)),
  'drop-note': async (c, _, __, { correction, reason = '' }) =>
    dropNote(c.var.site.db, Number(correction), {
      ...acting(c, await requireStaff(c, 'approver')),
      reason,
    }),
  resume: async (c, _, id, { reason = '' }) => {
    const { db, enqueue } = c.var.site;
    return resumePress(db, id, { ...acting(c, await requireStaff(c, 'approver')), reason, enqueue });
  },
  release: async (c, _, id, { reason = '' }) => {
    const approver = await requireStaff(c, 'approver');
    return releaseEdition(c.var.site.db, id, { ...acting(c, approver), reason });
  },
  approve: async (c, _, id, form) => {
    const approver = await requireStaff(c, 'approver');
    return approveEdition(c.var.site.db, id, { ...acting(c, approver), ...seenIn(c, form) });
  },
  replace: async (c, _, id, form) => {
    const approver = await requireStaff(c, 'approver');
    const { db, enqueue } = c.var.site;
    const { reason = '' } = form;
    return replacePress(db, id, { ...acting(c, approver), ...seenIn(c, form), reason, enqueue });
  },
};

/** Verbs that change what an edition says. */
export const EDITS = ['words', 'pick-comment', 'add', 'leave-out', 'bring', 'undo', 'redo', 'restore'];

/** Looks at an edition whole, links and all, so that its desk shows what was found. */
async function lookWhole(c: Page, id: number): Promise<void> {
  const { db, clock, config, outside } = c.var.site;
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const looking = { publication, public_url: config.PUBLIC_URL, now: clock.now() };
  await examineWhole(db, edition, { ...looking, outside, stage: 'submit' });
}

/** What an approver has seen, by its hash, and why what holds may pass. */
function seenIn(c: Page, form: Record<string, string>) {
  const overrides = Object.fromEntries(
    Object.entries(form).flatMap(([name, why]) =>
      name.startsWith('why ') ? [[name.slice(4), why.trim()]] : [],
    ),
  );
  return {
    hash: form.hash ?? '',
    fast: form.fast === 'yes',
    overrides,
    public_url: c.var.site.config.PUBLIC_URL,
    outside: c.var.site.outside,
  };
}

/** Brings a story that no feed has: written by hand, or, where only its address is told, read from its page. */
async function bring(c: Page, staff: Staff, id: number, form: Record<string, string>): Promise<unknown> {
  const { db, fetch } = c.var.site;
  const { url = '', headline = '', summary = '', byline = '', place } = form;
  if (!/^https?:\/\//i.test(url))
    throw invalid(`"${url}" is no address of the web; expected where readers find the story`);
  const { publication_id } = await requireEdition(db, id);
  const { now } = acting(c, staff);
  const article =
    headline.trim() === ''
      ? (await importPage(db, publication_id, url, { now, fetch })).id
      : await writeStory(db, publication_id, { url, headline, summary, byline: byline || null }, { now });
  return put(c, staff, id, article, place);
}

/** Puts an article where a form wants it; one that breaks in takes the top. */
const put = (c: Page, staff: Staff, id: number, article: number, place: string | undefined) =>
  place === 'breaking'
    ? breakIn(c.var.site.db, id, article, acting(c, staff))
    : addArticle(c.var.site.db, id, article, wishIn(place), acting(c, staff));

/** Sends the edition as it stands to those of the staff who are ticked. */
async function test(c: Page, staff: Staff, id: number): Promise<unknown> {
  const { db, links, config } = c.var.site;
  const ticked = await readValues(c, 'to');
  const { as } = await readForm(c);
  const to = (await listStaff(db)).flatMap((one) =>
    ticked.includes(String(one.id)) ? [one.subscriber_id] : [],
  );
  const sent = await sendTest(db, id, {
    ...acting(c, staff),
    to,
    persona: personaIn(as),
    links,
    public_url: config.PUBLIC_URL,
  });
  await c.var.site.enqueue(db, 'send-letters');
  return sent;
}

/** Who acts at this page, and when. */
export const acting = (c: Page, { id, name }: Staff) => ({
  by: { staff_id: id, name },
  now: c.var.site.clock.now(),
});
