import { Hono } from 'hono';
import { path, routes } from '../../routes.ts';
import { leave as leavePublication } from '../../trials/ending/leave.ts';
import { rejoin } from '../../trials/ending/rejoin.ts';
import { clientOf } from '../request/client.ts';
import { readForm } from '../request/form.ts';
import { linkTarget } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { paymentForms } from './payment-form.ts';
import { type Reader, readerOf, readerUrls, readStanding } from './reader.ts';
import { REJOIN_WORDING_ID } from './terms.ts';

/** Why readers leave, as the page offers it; the key is what is kept. */
const REASONS: Record<string, string> = {
  too_often: 'It comes too often',
  not_for_me: 'It is not about what I need',
  price: 'It costs too much',
  enough: 'I have too much to read',
  never_asked: 'I never asked for it',
};

/** Whom the links in samples are for. */
const NOBODY = 0;

/** The way out, and back in. A link in a mail lands here: looking changes nothing. */
export const leave = new Hono<Env>();

leave.get(routes.leave, async (c) => {
  const reader = await readerOf(c, 'leave');
  const { may } = await readStanding(c, reader);
  if (may === 'rejoin') return showLeft(c, reader);
  return show(c, 'leave', {
    title: `Leave ${reader.publication.name}?`,
    publication: reader.publication,
    address: reader.subscriber.address,
    pays: (await paymentForms(c, reader, { failed: null })).length > 0,
    reasons: Object.entries(REASONS).map(([value, words]) => ({ value, words })),
    ...readerUrls(c, reader),
  });
});

/** Both the button of our page and the one of a mail program (RFC 8058), which wants a plain 200 and no page. */
leave.post(routes.leave, async (c) => {
  // the link of nobody: before each press we ask ourselves whether one click is taken
  if (linkTarget(c, 'leave').subject === NOBODY) return c.text('Nobody has left.\n');
  const reader = await readerOf(c, 'leave');
  const form = await readForm(c);
  const how = form['List-Unsubscribe'] === 'One-Click' ? 'one_click' : 'page';
  const { db, clock } = c.var.site;
  await leavePublication(db, reader.subscriber.id, reader.publication.id, {
    now: clock.now(),
    how,
    reason: reasonOf(form),
  });
  return how === 'one_click' ? c.text(`You have left ${reader.publication.name}.\n`) : showLeft(c, reader);
});

leave.post(routes.rejoin, async (c) => {
  const reader = await readerOf(c, 'leave');
  const { db, clock, config } = c.var.site;
  const { outcome } = await rejoin(db, reader.subscriber.id, reader.publication.id, {
    now: clock.now(),
    wording_id: REJOIN_WORDING_ID,
    form_url: config.PUBLIC_URL + path(routes.rejoin, { token: '' }),
    ...clientOf(c),
  });
  return show(c, 'rejoined', {
    title: outcome === 'rejoined' ? 'Welcome back' : 'You had not left',
    publication: reader.publication,
    standing: await readStanding(c, reader),
    ...readerUrls(c, reader),
  });
});

/** What is kept: the reason that was chosen, and the reader's own words. */
const reasonOf = ({ reason = '', words = '' }: Record<string, string>): string =>
  [Object.hasOwn(REASONS, reason) ? reason : '', words.trim()].filter(Boolean).join(': ');

function showLeft(c: Page, reader: Reader): Promise<Response> {
  return show(c, 'left', {
    title: 'You have left',
    publication: reader.publication,
    address: reader.subscriber.address,
    ...readerUrls(c, reader),
  });
}
