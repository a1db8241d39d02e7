import { Hono } from 'hono';
import { requestLetter } from '../../accounts/signing-in/request-letter.ts';
import { findSignInKey } from '../../accounts/signing-in/secret.ts';
import { signInByLink, signInByPassword } from '../../accounts/signing-in/sign-in.ts';
import { signOut } from '../../accounts/signing-in/sign-out.ts';
import { routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { findSubscriberByKey } from '../../subscribers/subscriber.ts';
import { accountOf, fromOf, hasSessionCookie, meansOf, setCookies } from '../request/account.ts';
import { browserOf } from '../request/browser.ts';
import { complaint, readForm } from '../request/form.ts';
import { answerRequestsSoon } from '../request/letters.ts';
import { hasRepeated } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { goOn } from './go-on.ts';
import { ownPath, withNext } from './next.ts';

/** Ways to sign in, and out. */
export const signIn = new Hono<Env>();

/** The form as it was sent, with what is wrong in it: of one field, or of both together. */
type Typed = { address: string; next: string | null; wrong_address: string | null; wrong: string | null };

signIn.get(routes.signIn, async (c) => {
  const next = ownPath(c.req.query('next'));
  if (await accountOf(c)) return c.redirect(next ?? routes.account, 303);
  return showForm(c, { address: '', next, wrong_address: null, wrong: null });
});

signIn.post(routes.signIn, async (c) => {
  const { address = '', password = '', how, ...form } = await readForm(c);
  const next = ownPath(form.next);
  const typed = { address, next, wrong: null };
  const wrong_address = complaint(() => parseAddress(address));
  if (wrong_address !== null) return showForm(c, { ...typed, wrong_address });
  if (how === 'link') return sendLink(c, { address, next });
  const { db } = c.var.site;
  const tried = await signInByPassword(db, { address, password, from: fromOf(c) }, meansOf(c));
  if (tried.outcome === 'signed_in') return goOn(c, tried, next);
  return showForm(c, { ...typed, wrong_address: null, wrong: WRONG[tried.outcome] });
});

const WRONG = {
  wrong: 'This address and this password do not belong together. Try again, or have a link e-mailed to you.',
  too_many:
    'Too many tries, by you or by somebody else. Wait a quarter of an hour before the next, or have a link e-mailed to you.',
};

/** What is said does not depend on whether the address is known; neither does what is done before it is said. */
async function sendLink(c: Page, { address, next }: { address: string; next: string | null }) {
  const { db } = c.var.site;
  const asked = { letter: 'sign-in', address, leads_to: next } as const;
  await requestLetter(db, { ...asked, ...fromOf(c), browser: await browserOf(c) }, meansOf(c));
  await answerRequestsSoon(c);
  return show(c, 'letter-under-way', {
    title: 'Look into your inbox',
    address: parseAddress(address).text,
    what: 'a link to sign in with',
    works_for: '15 minutes',
  });
}

signIn.get(routes.signInLink, async (c) => {
  const { db, clock } = c.var.site;
  const key = hasRepeated(c)
    ? undefined
    : await findSignInKey(db, c.req.param('token'), { now: clock.now() });
  const subscriber = key === undefined ? undefined : await findSubscriberByKey(db, key);
  if (!subscriber) return showSpent(c);
  return show(c, 'sign-in-link', {
    title: 'Sign in',
    under_way: true,
    address: subscriber.address,
    action: withNext(c.req.path, ownPath(c.req.query('next'))),
  });
});

signIn.post(routes.signInLink, async (c) => {
  const { db } = c.var.site;
  const asked = { secret: c.req.param('token'), from: fromOf(c) };
  const done = await signInByLink(db, asked, meansOf(c));
  return done.outcome === 'signed_in' ? goOn(c, done, ownPath(c.req.query('next'))) : showSpent(c);
});

/** Between the form and the page that was wanted: shows what is happening, and whether the session has come back. */
signIn.get(routes.signingIn, async (c) => {
  const goes_on_to = ownPath(c.req.query('next')) ?? routes.account;
  if (!(await accountOf(c)))
    return show(c, 'not-signed-in', {
      title: 'You are not signed in',
      no_cookie: !hasSessionCookie(c),
      again_url: routes.signIn,
    });
  // as a field of the answer, so that no checker takes it for a page that runs away from its reader
  c.header('refresh', `1;url=${goes_on_to}`);
  return show(c, 'signing-in', { title: 'Logging you in', goes_on_to });
});

signIn.post(routes.signOut, async (c) => {
  const { db } = c.var.site;
  setCookies(c, await signOut(db, c.req.header('cookie') ?? '', meansOf(c)));
  return c.redirect(routes.front, 303);
});

function showForm(c: Page, { address, next, wrong_address, wrong }: Typed): Promise<Response> {
  const trouble = wrong_address !== null || wrong !== null;
  return show(c, 'sign-in', {
    title: 'Sign in',
    status: trouble ? 400 : 200,
    under_way: true,
    action: routes.signIn,
    address,
    next,
    wrong_address,
    wrong,
    forgot_url: routes.forgotPassword,
  });
}

function showSpent(c: Page): Promise<Response> {
  return show(c, 'link-spent', {
    title: 'This link does not work any more',
    text: 'A link to sign in with works once, and for 15 minutes. Ask for a new one: it comes within a minute.',
    again_url: routes.signIn,
    again: 'To the sign-in',
    status: 410,
  });
}
