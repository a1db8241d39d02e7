import { Hono } from 'hono';
import { renderSVG } from 'uqr';
import type { AccountHolder } from '../../accounts/signing-in/signed-in.ts';
import { authenticatorUrl, typedSecret } from '../../accounts/staff/one-time-code.ts';
import { secretToSetUp, showSecondFactor } from '../../accounts/staff/second-factor.ts';
import { findStaffOf } from '../../accounts/staff/staff.ts';
import { forbidden } from '../../errors.ts';
import { routes } from '../../routes.ts';
import { ownPath, withNext } from '../account/next.ts';
import { meansOf, requireAccount } from '../request/account.ts';
import { readForm } from '../request/form.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';

/** The second step of signing in, for the staff: a code from an authenticator, or a spare one. */
export const secondFactor = new Hono<Env>();

secondFactor.get(routes.secondFactor, async (c) => showForm(c, await requireMember(c), null));

secondFactor.post(routes.secondFactor, async (c) => {
  const holder = await requireMember(c);
  const { code = '' } = await readForm(c);
  const next = ownPath(c.req.query('next')) ?? routes.desk;
  const shown = await showSecondFactor(c.var.site.db, holder, code, meansOf(c));
  if (shown.outcome !== 'shown') return showForm(c, holder, WRONG[shown.outcome]);
  if (shown.spare_codes.length === 0) return c.redirect(next, 303);
  return show(c, 'spare-codes', {
    title: 'Keep these codes',
    spare_codes: shown.spare_codes,
    next,
  });
});

const WRONG = {
  wrong: 'This is not the code of this half minute. Look again: a code is used up once it has been taken.',
  too_many: 'Too many codes were tried. Wait a quarter of an hour before the next.',
};

async function requireMember(c: Page): Promise<AccountHolder> {
  const holder = await requireAccount(c);
  if (await findStaffOf(c.var.site.db, holder.subscriber.id)) return holder;
  throw forbidden(`${holder.subscriber.address} has no place at the desk`);
}

async function showForm(c: Page, holder: AccountHolder, wrong: string | null): Promise<Response> {
  const { db, config } = c.var.site;
  const secret = await secretToSetUp(db, holder, meansOf(c));
  const issuer = new URL(config.PUBLIC_URL).host;
  return show(c, 'second-factor', {
    title: secret === undefined ? 'Your code' : 'Set up your second factor',
    status: wrong === null ? 200 : 400,
    action: withNext(routes.secondFactor, ownPath(c.req.query('next'))),
    set_up: secret === undefined ? null : setUp(secret, { issuer, account: holder.subscriber.address }),
    wrong,
  });
}

function setUp(secret: string, of: { issuer: string; account: string }) {
  const url = authenticatorUrl(secret, of);
  return { url, secret: typedSecret(secret), picture: renderSVG(url, { border: 2 }) };
}
