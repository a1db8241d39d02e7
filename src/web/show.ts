import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { longDate } from '../messages/words/date-label.ts';
import type { Publication } from '../publications/publication.ts';
import { routes } from '../routes.ts';
import { mastheadOf, onlyPublication } from './masthead.ts';
import { seemsSignedIn } from './request/account.ts';
import type { Page } from './site.ts';
import { render } from './view.ts';

/** What a page hands to its view beside its own values. */
export type Shown = {
  title: string;
  /** The newsletter whose masthead the page carries; the only one there is, where not given. */
  publication?: Publication;
  description?: string;
  status?: ContentfulStatusCode;
  /** Whether search engines may keep the page; no unless said. */
  indexed?: boolean;
};

/** Answers with the page `templates/web/<name>.hbs` in the site's frame. */
export async function show(c: Page, name: string, data: Shown & Record<string, unknown>): Promise<Response> {
  const { site } = c.var;
  const publication = data.publication ?? (await onlyPublication(c));
  const signed_in = seemsSignedIn(c);
  const now = site.clock.now().toZonedDateTimeISO(publication?.zone ?? 'UTC');
  const html = render(name, {
    title_alone: false,
    at_front: false,
    plain_head: false,
    script: false,
    desk_script: false,
    under_way: false,
    ...data,
    description: data.description ?? publication?.tagline ?? '',
    indexed: data.indexed ?? false,
    lang: publication?.lang ?? 'en',
    dir: publication?.dir ?? 'ltr',
    today: longDate(now.toPlainDate().toString(), publication?.lang ?? 'en'),
    masthead: publication ? mastheadOf(publication) : null,
    mailbox_url: site.mailbox ? routes.mailbox : null,
    sign_in_url: signed_in ? null : routes.signIn,
    account_url: routes.account,
  });
  c.header('vary', 'cookie', { append: true }); // the masthead knows who is signed in; a shared cache must not
  if (!data.indexed || signed_in) c.header('cache-control', 'no-store');
  return c.html(html, data.status ?? 200);
}
