import { Hono } from 'hono';
import { passwordComplaint } from '../../accounts/passwords/password-rule.ts';
import { changePassword, resetPassword } from '../../accounts/passwords/set-password.ts';
import { requestLetter } from '../../accounts/signing-in/request-letter.ts';
import { findPasswordAccount } from '../../accounts/signing-in/secret.ts';
import { routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { fromOf, meansOf, requireAccount } from '../request/account.ts';
import { browserOf } from '../request/browser.ts';
import { complaint, readForm } from '../request/form.ts';
import { answerRequestsSoon, sendLettersSoon } from '../request/letters.ts';
import { hasRepeated } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { goOn } from './go-on.ts';
import { showAccount } from './show-account.ts';

/** Passwords forgotten, set anew and changed. */
export const password = new Hono<Env>();

password.get(routes.forgotPassword, (c) => showForgot(c, { address: '', wrong_address: null }));

password.post(routes.forgotPassword, async (c) => {
  const { address = '' } = await readForm(c);
  const wrong_address = complaint(() => parseAddress(address));
  if (wrong_address !== null) return showForgot(c, { address, wrong_address });
  const asked = { letter: 'new-password', address, leads_to: null } as const;
  await requestLetter(c.var.site.db, { ...asked, ...fromOf(c), browser: await browserOf(c) }, meansOf(c));
  await answerRequestsSoon(c);
  return show(c, 'letter-under-way', {
    title: 'Look into your inbox',
    address: parseAddress(address).text,
    what: 'a link to choose a new password with',
    works_for: 'an hour',
  });
});

password.get(routes.newPassword, async (c) => {
  const { db, clock } = c.var.site;
  const token = c.req.param('token');
  const known = !hasRepeated(c) && (await findPasswordAccount(db, token, { now: clock.now() }));
  return known ? showNew(c, null) : showSpent(c);
});

password.post(routes.newPassword, async (c) => {
  const { new_password = '' } = await readForm(c);
  const wrong = passwordComplaint(new_password);
  if (wrong !== null) return showNew(c, wrong);
  const asked = { secret: c.req.param('token'), password: new_password, from: fromOf(c) };
  const done = await resetPassword(c.var.site.db, asked, meansOf(c));
  if (done.outcome === 'expired') return showSpent(c);
  await sendLettersSoon(c);
  return goOn(c, done, null);
});

password.post(routes.accountPassword, async (c) => {
  const holder = await requireAccount(c);
  const { old_password = '', new_password = '' } = await readForm(c);
  const wrong_new = passwordComplaint(new_password);
  if (wrong_new !== null) return showAccount(c, holder, { wrong: { new_password: wrong_new } });
  const { outcome } = await changePassword(c.var.site.db, holder, {
    old_password,
    new_password,
    cookie: c.req.header('cookie') ?? '',
    ...meansOf(c),
  });
  if (outcome !== 'changed') return showAccount(c, holder, { wrong: WRONG[outcome] });
  await sendLettersSoon(c);
  return showAccount(c, holder, { done: 'Your password is set. Every other browser has been signed out.' });
});

const WRONG = {
  wrong: { old_password: 'This is not the password you have now.' },
  too_many: { old_password: 'Too many tries. Wait a quarter of an hour before the next.' },
  stale: {
    new_password:
      'You signed in a while ago. To set your first password, sign out and sign in again by a link, then come back here.',
  },
};

function showForgot(c: Page, typed: { address: string; wrong_address: string | null }): Promise<Response> {
  return show(c, 'forgot-password', {
    title: 'Forgot your password?',
    status: typed.wrong_address === null ? 200 : 400,
    action: routes.forgotPassword,
    back_url: routes.signIn,
    ...typed,
  });
}

function showNew(c: Page, wrong: string | null): Promise<Response> {
  return show(c, 'new-password', {
    title: 'Choose a new password',
    status: wrong === null ? 200 : 400,
    under_way: true,
    action: c.req.path,
    wrong,
  });
}

function showSpent(c: Page): Promise<Response> {
  return show(c, 'link-spent', {
    title: 'This link does not work any more',
    text: 'A link to choose a new password with works once, and for an hour. Ask for a new one: it comes within a minute.',
    again_url: routes.forgotPassword,
    again: 'Ask for a new link',
    status: 410,
  });
}
