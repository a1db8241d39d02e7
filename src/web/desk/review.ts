import { Hono } from 'hono';
import { listStaff, type Staff } from '../../accounts/staff/staff.ts';
import { notFound } from '../../errors.ts';
import { askForReview } from '../../press/ask-for-review.ts';
import { path, routes } from '../../routes.ts';
import { readForm, readValues, troubleOf } from '../request/form.ts';
import type { Env, Page } from '../site.ts';
import { acting, EDITION_VERBS } from './edition-verbs.ts';
import { idIn } from './id-in.ts';
import { requireStaff } from './member.ts';
import { showDesk } from './show-desk.ts';
import { showReview } from './show-review.ts';

/** The link of one edition that is given to one of the staff: what a phone needs to approve or hold it. */
export const review = new Hono<Env>();

review.get(routes.deskReview, async (c) => {
  const staff = await requireStaff(c);
  const id = idIn(c, 'id');
  return showReview(c, staff, id);
});

/** Sends the link to those of the staff who are ticked at the desk. */
review.post(routes.deskReview, async (c) => {
  const staff = await requireStaff(c);
  const id = idIn(c, 'id');
  const trouble = await troubleOf(() => ask(c, staff, id));
  return trouble === null
    ? c.redirect(path(routes.deskEdition, { id }), 303)
    : showDesk(c, staff, id, { trouble });
});

/** The verbs of an edition that its review has a form for. */
const VERBS = ['approve', 'hold', 'release', 'comment', 'resolve'];

review.post(routes.deskReviewVerb, async (c) => {
  const staff = await requireStaff(c);
  const [id, name] = [idIn(c, 'id'), c.req.param('verb')];
  const verb = VERBS.includes(name) ? EDITION_VERBS[name] : undefined;
  if (!verb) throw notFound(`no verb ${name} of a review`);
  const trouble = await troubleOf(async () => verb(c, staff, id, await readForm(c)));
  return trouble === null
    ? c.redirect(path(routes.deskReview, { id }), 303)
    : showReview(c, staff, id, { trouble });
});

async function ask(c: Page, staff: Staff, id: number): Promise<void> {
  const { db, config, outside, enqueue } = c.var.site;
  const ticked = await readValues(c, 'to');
  const to = (await listStaff(db)).flatMap((one) =>
    ticked.includes(String(one.id)) ? [one.subscriber_id] : [],
  );
  await askForReview(db, id, { ...acting(c, staff), to, public_url: config.PUBLIC_URL, outside });
  await enqueue(db, 'send-letters');
}
