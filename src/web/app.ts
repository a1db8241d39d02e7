import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import { account } from './account/account.ts';
import { data } from './account/data.ts';
import { password } from './account/password.ts';
import { signIn } from './account/sign-in.ts';
import { assets } from './asset.ts';
import { preview } from './desk/preview.ts';
import { hooks } from './hooks/hooks.ts';
import { mailboxPages } from './local/mailbox.ts';
import { newsroom } from './local/newsroom.ts';
import { machine } from './machine.ts';
import { archive } from './public/archive.ts';
import { click } from './public/click.ts';
import { confirm } from './public/confirm.ts';
import { front } from './public/front.ts';
import { leave } from './public/leave.ts';
import { more } from './public/more.ts';
import { pause } from './public/pause.ts';
import { signUp } from './public/sign-up.ts';
import { subscription } from './public/subscription.ts';
import { failed, nothingHere } from './request/failure.ts';
import { observe } from './request/observe.ts';
import { protect } from './request/protect.ts';
import type { Env, Site } from './site.ts';

/** The whole site as one `Request -> Response`. */
export function createApp(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.use(requestId(site.config.TRUST_PROXY ? {} : { headerName: '' }));
  app.use(async (c, next) => {
    c.set('site', site);
    await next();
  });
  app.use(observe);
  app.route('/', hooks(site));
  app.route('/', protect(site));
  app.route('/', machine);
  app.route('/', assets);
  app.route('/', newsroom);
  if (site.mailbox) app.route('/', mailboxPages);
  app.route('/', preview);
  app.route('/', signIn);
  app.route('/', password);
  app.route('/', account);
  app.route('/', data);
  app.route('/', confirm);
  app.route('/', subscription);
  app.route('/', pause);
  app.route('/', leave);
  app.route('/', more);
  app.route('/', click);
  app.route('/', signUp);
  app.route('/', archive);
  app.route('/', front);
  app.notFound(nothingHere);
  app.onError(failed);
  return app;
}
