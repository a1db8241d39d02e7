import { Hono } from 'hono';
import { addComment, resolveComment } from '../../accounts/staff/comment.ts';
import { listStaff, type Staff } from '../../accounts/staff/staff.ts';
import { importPage } from '../../articles/intake/import.ts';
import { writeStory } from '../../articles/write-story.ts';
import { recordAudit } from '../../audit/record.ts';
import { dropNote } from '../../editions/corrections/correct.ts';
import { StaleEdit } from '../../editions/desk/edit.ts';
import { restoreRevision } from '../../editions/desk/history.ts';
import { holdEdition, releaseEdition, skipEdition, submitEdition } from '../../editions/desk/state.ts';
import { redo, undo } from '../../editions/desk/undo.ts';
import { addArticle, leaveOut, pickComment } from '../../editions/desk/verbs.ts';
import { requireEdition } from '../../editions/edition.ts';
import { readProjected } from '../../editions/project.ts';
import { invalid, notFound, PresstimeError } from '../../errors.ts';
import { approveEdition } from '../../press/approve.ts';
import { replacePress } from '../../press/replace.ts';
import { resumePress, stopPress } from '../../press/stop.ts';
import { sendTest } from '../../press/test-send.ts';
import { requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { findSubscriber } from '../../subscribers/subscriber.ts';
import { readForm, readValues } from '../request/form.ts';
import type { Env, Page } from '../site.ts';
import { correctAsTyped } from './corrections.ts';
import { idIn } from './id-in.ts';
import { ITEM_VERBS, wishIn, writeWords } from './item-verbs.ts';
import { requireStaff } from './member.ts';
import { personaIn, previewPane, shownIn } from './preview-pane.ts';
import { showClash } from './show-clash.ts';
import { showDesk } from './show-desk.ts';
import { showHistory } from './show-history.ts';
import { showHome } from './show-home.ts';
import { typedIn } from './words-form.ts';

/** Where editions are seen, shaped, approved and stopped. */
export const desk = new Hono<Env>();

desk.get(routes.desk, async (c) => showHome(c, await requireStaff(c)));

desk.get(routes.deskEdition, async (c) => {
  const staff = await requireStaff(c);
  const id = idIn(c, 'id');
  const { reader } = shownIn(c);
  if (reader !== null) await noteLook(c, staff, { id, reader });
  return showDesk(c, staff, id);
});

/** A look at what a named reader gets is written down, whoever looks. */
const noteLook = (c: Page, { name }: Staff, { id, reader }: { id: number; reader: number }): Promise<void> =>
  recordAudit(
    c.var.site.db,
    {
      actor: name,
      verb: 'look at an edition as its reader',
      subject: `subscriber ${reader}`,
      detail: { edition: id },
    },
    { now: c.var.site.clock.now() },
  );

/** Finds the reader whose address is typed, and leads to the edition as they get it: by their number, so that no log holds the address. */
desk.post(routes.deskReader, async (c) => {
  await requireStaff(c);
  const { db, config } = c.var.site;
  const { address = '' } = await readForm(c);
  const id = idIn(c, 'id');
  const found = await findSubscriber(db, parseAddress(address), { secretKeys: config.SECRET_KEY });
  if (!found) throw notFound(`nobody is known by the address ${address}`);
  return c.redirect(
    `${path(routes.deskEdition, { id })}?${new URLSearchParams({ reader: String(found.id) })}`,
    303,
  );
});

desk.get(routes.deskHistory, async (c) => showHistory(c, await requireStaff(c), idIn(c, 'id')));

desk.post(routes.deskItem, async (c) => {
  const staff = await requireEditor(c);
  const act = ITEM_VERBS[c.req.param('verb')];
  if (!act) throw notFound(`no verb ${c.req.param('verb')} of an item`);
  const target = { editionId: idIn(c, 'id'), itemId: idIn(c, 'item') };
  return answer(c, staff, async (form) => act(c.var.site.db, target, form, acting(c, staff)));
});

/** How the mail would look with words that are being typed; nothing is saved by it. */
desk.post(routes.deskTyped, async (c) => {
  await requireStaff(c);
  const id = idIn(c, 'id');
  const { item = '', ...form } = await readForm(c);
  const { db, clock } = c.var.site;
  const edition = await requireEdition(db, id);
  const publication = await requirePublication(db, edition.publication_id);
  const typed = typedIn(form, item === '' ? null : Number(item));
  const { subject, preheader, document, text } = await readProjected(
    db,
    edition,
    { now: clock.now() },
    (db) => previewPane(c, db, { id }, publication, { typed }),
  );
  return c.json({ subject, preheader, document, text });
});

type Verb = (c: Page, staff: Staff, id: number, form: Record<string, string>) => Promise<unknown>;

/** What can be done to a whole edition; an approver's verbs ask for one. */
const VERBS: Record<string, Verb> = {
  words: (c, staff, id, form) => writeWords(c.var.site.db, id, null, form, acting(c, staff)),
  add: (c, staff, id, form) =>
    addArticle(c.var.site.db, id, Number(form.article), wishIn(form.place), acting(c, staff)),
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
  undo: (c, staff, id) => undo(c.var.site.db, id, acting(c, staff)),
  redo: (c, staff, id) => redo(c.var.site.db, id, acting(c, staff)),
  restore: (c, staff, id, { rev }) => restoreRevision(c.var.site.db, id, Number(rev), acting(c, staff)),
  test: (c, staff, id) => test(c, staff, id),
  submit: (c, staff, id) => submitEdition(c.var.site.db, id, acting(c, staff)),
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

/** What an approver has seen, by its hash, and why what holds may pass. */
function seenIn(c: Page, form: Record<string, string>) {
  const overrides = Object.fromEntries(
    Object.entries(form).flatMap(([name, why]) =>
      name.startsWith('why ') ? [[name.slice(4), why.trim()]] : [],
    ),
  );
  return { hash: form.hash ?? '', overrides, public_url: c.var.site.config.PUBLIC_URL };
}

desk.post(routes.deskVerb, async (c) => {
  const name = c.req.param('verb');
  const staff = EDITS.includes(name) ? await requireEditor(c) : await requireStaff(c);
  const verb = VERBS[name];
  if (!verb) throw notFound(`no verb ${c.req.param('verb')} of an edition`);
  return answer(c, staff, (form) => verb(c, staff, idIn(c, 'id'), form));
});

/** Verbs that change what an edition says. */
const EDITS = ['words', 'pick-comment', 'add', 'leave-out', 'bring', 'undo', 'redo', 'restore'];
/** From then on before press only an approver changes it (DESK §2), unless it is held. */
const APPROVERS_ALONE = { minutes: 5 };

/** Who may change an edition now. */
async function requireEditor(c: Page): Promise<Staff> {
  const { db, clock } = c.var.site;
  const staff = await requireStaff(c);
  const { press_at, state } = await requireEdition(db, idIn(c, 'id'));
  const isLate = Temporal.Instant.compare(clock.now(), press_at.subtract(APPROVERS_ALONE)) >= 0;
  return isLate && state !== 'held' ? requireStaff(c, 'approver') : staff;
}

/** Brings a story that no feed has: written by hand, or, where only its address is told, read from its page. */
async function bring(c: Page, staff: Staff, id: number, form: Record<string, string>): Promise<unknown> {
  const { db, fetch } = c.var.site;
  const { url = '', headline = '', summary = '', byline = '', place } = form;
  if (!/^https?:\/\//i.test(url))
    throw invalid(`"${url}" is no address of the web; expected where readers find the story`);
  const { publication_id } = await requireEdition(db, id);
  const { by, now } = acting(c, staff);
  const article =
    headline.trim() === ''
      ? (await importPage(db, publication_id, url, { now, fetch })).id
      : await writeStory(db, publication_id, { url, headline, summary, byline: byline || null }, { now });
  return addArticle(db, id, article, wishIn(place), { by, now });
}

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

/** Does what a form asks, and shows the desk as it is then; what cannot be done is said there. */
async function answer(c: Page, staff: Staff, act: (form: Record<string, string>) => Promise<unknown>) {
  const id = idIn(c, 'id');
  try {
    await act(await readForm(c));
  } catch (error) {
    if (error instanceof StaleEdit) return showClash(c, id, error);
    if (!(error instanceof PresstimeError) || error.kind === 'not_found' || error.kind === 'forbidden')
      throw error;
    return showDesk(c, staff, id, {
      trouble: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`,
    });
  }
  return c.redirect(path(routes.deskEdition, { id }), 303);
}

const acting = (c: Page, { id, name }: Staff) => ({
  by: { staff_id: id, name },
  now: c.var.site.clock.now(),
});
