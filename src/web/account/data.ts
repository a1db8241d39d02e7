import { Hono } from 'hono';
import { type AccountHolder, isFresh } from '../../accounts/signing-in/signed-in.ts';
import { eraseReader } from '../../privacy/erase.ts';
import { handOut } from '../../privacy/hand-out.ts';
import { routes } from '../../routes.ts';
import { meansOf, requireAccount, takeCookieBack } from '../request/account.ts';
import { readForm } from '../request/form.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';

/** What is kept of a reader: handed to them, and erased when they say so. */
export const data = new Hono<Env>();

data.get(routes.accountData, async (c) => {
  const { subscriber } = await requireAccount(c);
  const kept = await handOut(c.var.site.db, subscriber.id, meansOf(c));
  return c.body(`${JSON.stringify(kept, null, 2)}\n`, 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="what-is-kept-of-me.json"',
    'cache-control': 'no-store',
  });
});

data.get(routes.accountErase, async (c) => showErase(c, await requireAccount(c), { wrong: null }));

data.post(routes.accountErase, async (c) => {
  const holder = await requireAccount(c);
  const { sure } = await readForm(c);
  const means = meansOf(c);
  if (!isFresh(holder, means)) return showErase(c, holder, { wrong: null });
  if (sure !== 'yes')
    return showErase(c, holder, { wrong: 'Please tick the box: what is erased cannot be brought back.' });
  await eraseReader(c.var.site.db, holder.subscriber.id, { ...means, actor: 'reader' });
  takeCookieBack(c);
  return show(c, 'erased', { title: 'You are erased' });
});

function showErase(c: Page, holder: AccountHolder, { wrong }: { wrong: string | null }): Promise<Response> {
  return show(c, 'erase', {
    title: 'Erase me',
    status: wrong === null ? 200 : 400,
    address: holder.subscriber.address,
    may: isFresh(holder, { now: c.var.site.clock.now() }),
    wrong,
    data_url: routes.accountData,
    account_url: routes.account,
    action: routes.accountErase,
    sign_out_url: routes.signOut,
  });
}
