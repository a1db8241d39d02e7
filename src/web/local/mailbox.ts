import { Hono } from 'hono';
import { notFound } from '../../errors.ts';
import type { Mailbox, MailboxEntry, MailboxMessage } from '../../mailbox/mailbox.ts';
import { path, routes } from '../../routes.ts';
import { MAIL_POLICY, OPEN_BESIDE, withinHead } from '../isolate.ts';
import { onlyPublication } from '../masthead.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { count, dayTime, kilobytes } from '../words.ts';

const PARTS = [
  { part: 'html', label: 'HTML' },
  { part: 'text', label: 'Text' },
  { part: 'headers', label: 'Headers' },
  { part: 'source', label: 'Source' },
];

/** The pages of the mailbox inside the program. */
export const mailboxPages = new Hono<Env>();

mailboxPages.get(routes.mailbox, async (c) => {
  const to = c.req.query('to') ?? '';
  const list = await mailboxOf(c).list({ page: Number(c.req.query('page')) || 1, to });
  const zone = await zoneOf(c);
  const at = (page: number) =>
    `${routes.mailbox}?${new URLSearchParams({ ...(to && { to }), page: `${page}` })}`;
  return show(c, 'mailbox', {
    title: 'Local mailbox',
    title_alone: true,
    script: true,
    to,
    how_many: count(list.total, 'message'),
    entries: list.entries.map((entry) => entryOf(entry, zone)),
    here: at(list.page),
    newer_url: list.page > 1 ? at(list.page - 1) : null,
    older_url: list.page < list.pages ? at(list.page + 1) : null,
    page: list.page,
    pages: list.pages,
    paged: list.pages > 1,
  });
});

mailboxPages.get(routes.mailboxMessage, (c) => showMessage(c, 'html'));

mailboxPages.get(routes.mailboxPart, async (c) => {
  const part = c.req.param('part');
  if (part === 'document') return mailDocument(c);
  if (part === 'original.eml') {
    const raw = Uint8Array.from(await mailboxOf(c).raw(idOf(c)));
    return c.body(raw, 200, { 'content-type': 'message/rfc822', 'content-disposition': 'attachment' });
  }
  if (!PARTS.some((known) => known.part === part)) return c.notFound();
  return showMessage(c, part);
});

async function showMessage(c: Page, part: string): Promise<Response> {
  const id = idOf(c);
  const message = await mailboxOf(c).read(id);
  const source = part === 'source' ? Buffer.from(await mailboxOf(c).raw(id)).toString('utf8') : null;
  return show(c, 'message', {
    title: message.subject || '(no subject)',
    title_alone: true,
    from: message.from,
    to: message.envelope.to.join(', '),
    return_path: message.envelope.from || '(none)',
    received: dayTime(message.envelope.received_at, await zoneOf(c)),
    size: kilobytes(message.envelope.size),
    parts: PARTS.map(({ part: name, label }) => ({
      label,
      url: path(routes.mailboxPart, { id, part: name }),
      current: name === part,
    })),
    links: message.links,
    mailbox_list: routes.mailbox,
    original_url: path(routes.mailboxPart, { id, part: 'original.eml' }),
    document_url:
      part === 'html' && message.html !== null ? path(routes.mailboxPart, { id, part: 'document' }) : null,
    headers: part === 'headers' ? message.headers : null,
    plain: source ?? plainOf(message, part),
  });
}

/** What is shown as it stands, for parts that are text. */
function plainOf({ html, text }: MailboxMessage, part: string): string | null {
  if (part === 'text') return text ?? 'This message has no text part.';
  if (part === 'html' && html === null) return 'This message has no HTML part.';
  return null;
}

/** The HTML part as it came, for the frame alone. Its links open beside it: the frame cannot show another page. */
async function mailDocument(c: Page): Promise<Response> {
  const { html } = await mailboxOf(c).read(idOf(c));
  if (html === null) return c.notFound();
  c.header(
    'content-security-policy',
    `sandbox allow-popups allow-popups-to-escape-sandbox; ${MAIL_POLICY}; frame-ancestors 'self'`,
  );
  c.header('x-frame-options', 'SAMEORIGIN');
  return c.html(withinHead(html, OPEN_BESIDE));
}

function entryOf({ id, subject, to, received_at, size }: MailboxEntry, zone: string) {
  return {
    url: path(routes.mailboxMessage, { id }),
    subject: subject || '(no subject)',
    to: to.join(', '),
    received_at,
    received: dayTime(received_at, zone),
    size: kilobytes(size),
  };
}

const mailboxOf = (c: Page): Mailbox => c.var.site.mailbox as Mailbox;

function idOf(c: Page): number {
  const text = c.req.param('id') ?? '';
  if (!/^\d{1,9}$/.test(text)) throw notFound(`no message ${text} in the mailbox`);
  return Number(text);
}

const zoneOf = async (c: Page): Promise<string> => (await onlyPublication(c))?.zone ?? 'UTC';
