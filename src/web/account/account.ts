import { Hono } from 'hono';
import { endSession, endSessions } from '../../accounts/session.ts';
import { routes } from '../../routes.ts';
import { requireAccount } from '../request/account.ts';
import { readForm } from '../request/form.ts';
import type { Env } from '../site.ts';
import { count } from '../words.ts';
import { showAccount } from './show-account.ts';

/** What a reader has with us, in one place. */
export const account = new Hono<Env>();

account.get(routes.account, async (c) => showAccount(c, await requireAccount(c)));

/** Where a form was answered, and the page loaded anew. */
account.on('GET', [routes.accountAddress, routes.accountPassword, routes.accountSessions], (c) =>
  c.redirect(routes.account, 303),
);

account.post(routes.accountSessions, async (c) => {
  const holder = await requireAccount(c);
  const { account_id, session_id } = holder;
  const { id = '' } = await readForm(c);
  const { db } = c.var.site;
  const ended =
    id === 'others'
      ? await endSessions(db, account_id, { but: session_id })
      : Number(id !== session_id && (await endSession(db, account_id, id)));
  return showAccount(c, holder, {
    done:
      ended === 0
        ? 'There was nothing to sign out any more.'
        : `Signed out: ${count(ended, 'other browser')}.`,
  });
});
