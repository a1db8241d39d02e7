import { Hono } from 'hono';
import type { Staff } from '../../accounts/staff/staff.ts';
import { StaleEdit } from '../../editions/desk/edit.ts';
import { requireEdition } from '../../editions/edition.ts';
import { readProjected } from '../../editions/project.ts';
import { invalid, notFound } from '../../errors.ts';
import { requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { findSubscriber } from '../../subscribers/subscriber.ts';
import { readForm, troubleOf } from '../request/form.ts';
import type { Env, Page } from '../site.ts';
import { acting, EDITION_VERBS, EDITS } from './edition-verbs.ts';
import { idIn } from './id-in.ts';
import { ITEM_VERBS } from './item-verbs.ts';
import { requireStaff } from './member.ts';
import { previewPane } from './preview-pane.ts';
import { noteLook } from './reader-look.ts';
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
  return showDesk(c, staff, id);
});

/** Finds the reader whose address is typed, and leads back to the page as they get it: by their number, so that no log holds the address. */
desk.post(routes.deskReader, async (c) => {
  await requireStaff(c);
  const { db, config } = c.var.site;
  const { address = '', back = '' } = await readForm(c);
  if (!SEEN_AT.test(back)) throw invalid(`"${back}" is no page on which an edition is seen`);
  const found = await findSubscriber(db, parseAddress(address), { secretKeys: config.SECRET_KEY });
  if (!found) throw notFound(`nobody is known by the address ${address}`);
  return c.redirect(`${back}?${new URLSearchParams({ reader: String(found.id) })}`, 303);
});

/** The pages on which an edition is seen as a reader gets it. */
const SEEN_AT = /^\/desk\/(editions\/\d+(\/review)?|newsletters\/[a-z0-9-]+\/days\/[\d-]+)$/;

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
  const staff = await requireStaff(c);
  const id = idIn(c, 'id');
  await noteLook(c, staff, `edition ${id}`);
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

desk.post(routes.deskVerb, async (c) => {
  const name = c.req.param('verb');
  const staff = EDITS.includes(name) ? await requireEditor(c) : await requireStaff(c);
  const verb = EDITION_VERBS[name];
  if (!verb) throw notFound(`no verb ${c.req.param('verb')} of an edition`);
  return answer(c, staff, (form) => verb(c, staff, idIn(c, 'id'), form));
});

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

/** Does what a form asks, and shows the desk as it is then; what cannot be done is said there. */
async function answer(c: Page, staff: Staff, act: (form: Record<string, string>) => Promise<unknown>) {
  const id = idIn(c, 'id');
  let clash: StaleEdit | undefined;
  const trouble = await troubleOf(async () =>
    act(await readForm(c)).catch((error: unknown) => {
      if (!(error instanceof StaleEdit)) throw error;
      clash = error;
    }),
  );
  if (clash) return showClash(c, id, clash);
  if (trouble !== null) return showDesk(c, staff, id, { trouble });
  return c.redirect(path(routes.deskEdition, { id }), 303);
}
