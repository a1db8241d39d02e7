import type { Edition } from '../../editions/edition.ts';
import { linksOf } from '../../mailbox/message.ts';
import type { PlateVariant } from '../../messages/plate.ts';
import { previewEdition } from '../../press/preview.ts';
import type { Publication } from '../../publications/publication.ts';
import { MAIL_POLICY, withinHead } from '../isolate.ts';
import type { Page } from '../site.ts';

/** As whom, and on what, an edition is seen. */
export type Shown = { as: PlateVariant; on: 'desktop' | 'phone' | 'text' };

const READERS: { variant: PlateVariant; label: string }[] = [
  { variant: 'plain', label: 'Subscriber' },
  { variant: 'strip-foot', label: 'Trial, 2 of 10' },
  { variant: 'strip-top', label: 'Trial, 8 of 10' },
];
const VIEWS: { on: Shown['on']; label: string }[] = [
  { on: 'desktop', label: 'Desktop' },
  { on: 'phone', label: 'Phone' },
  { on: 'text', label: 'Text' },
];

/** What the address of the page asks to be shown. */
function shownIn(c: Page): Shown {
  return {
    as: READERS.find(({ variant }) => variant === c.req.query('as'))?.variant ?? 'plain',
    on: VIEWS.find(({ on }) => on === c.req.query('on'))?.on ?? 'desktop',
  };
}

/** The pane beside the running order: the edition as one reader gets it, made by what makes the mail. Its frame runs nothing. */
export async function previewPane(c: Page, edition: Edition, publication: Publication) {
  const { db, clock, links, config } = c.var.site;
  const { as, on } = shownIn(c);
  const at = (over: Partial<Shown>) => `?${new URLSearchParams({ as, on, ...over })}`;
  const { message, plate } = await previewEdition(db, edition.id, as, {
    now: clock.now(),
    links,
    public_url: config.PUBLIC_URL,
  });
  const policy = `<meta http-equiv="Content-Security-Policy" content="${MAIL_POLICY}">`;
  return {
    sender: publication.from_name,
    subject: message.subject,
    preheader: plate.preheader,
    document: withinHead(message.html, policy),
    text: message.text,
    phone: on === 'phone',
    as_text: on === 'text',
    links: linksOf(message.html),
    readers: READERS.map(({ variant, label }) => ({
      label,
      url: at({ as: variant }),
      current: variant === as,
    })),
    views: VIEWS.map((view) => ({ label: view.label, url: at({ on: view.on }), current: view.on === on })),
  };
}
