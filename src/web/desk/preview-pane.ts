import type { Db } from '../../db/connect.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Typed } from '../../editions/load-model.ts';
import { linksOf } from '../../mailbox/message.ts';
import { PERSONAS, type PersonaName } from '../../press/persona.ts';
import { previewEdition } from '../../press/preview.ts';
import type { Publication } from '../../publications/publication.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import { MAIL_POLICY, withinHead } from '../isolate.ts';
import type { Page } from '../site.ts';

/** As whom, and on what, an edition is seen. */
export type Shown = { as: PersonaName; on: View; reader: number | null };

type View = 'desktop' | 'phone' | 'text' | 'no-images' | 'dark' | 'inverted' | 'zoom';

const VIEWS: { on: View; label: string }[] = [
  { on: 'desktop', label: 'Desktop' },
  { on: 'phone', label: 'Phone' },
  { on: 'text', label: 'Text' },
  { on: 'no-images', label: 'No pictures' },
  { on: 'dark', label: 'Dark' },
  { on: 'inverted', label: 'Inverted' },
  { on: 'zoom', label: '200 %' },
];

/**
 * The mail as a mail program of that kind shows it: the same bytes, under a policy that lets nothing run, and with what the
 * program does to them: pictures kept away, the dark rules taken (as by Apple Mail), all colours turned over (as by some Gmail), or
 * letters twice as large.
 */
function seenOn(on: View, html: string): string {
  const policy = on === 'no-images' ? MAIL_POLICY.replace(/img-src [^;]*/, "img-src 'none'") : MAIL_POLICY;
  const own: Partial<Record<View, string>> = {
    inverted: '<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}</style>',
    zoom: '<style>html{zoom:2}</style>',
  };
  const tags = `<meta http-equiv="Content-Security-Policy" content="${policy}">${own[on] ?? ''}`;
  const shown = on === 'dark' ? html.replaceAll('(prefers-color-scheme: dark)', 'all') : html;
  return withinHead(shown, tags);
}

/** The persona that an address names; one who pays where it names none. */
export const personaIn = (name: string | undefined): PersonaName =>
  PERSONAS.find((one) => one.name === name)?.name ?? 'paid';

/** What the address of the page asks to be shown. */
export function shownIn(c: Page): Shown {
  return {
    as: personaIn(c.req.query('as')),
    on: VIEWS.find(({ on }) => on === c.req.query('on'))?.on ?? 'desktop',
    reader: /^[1-9]\d{0,9}$/.test(c.req.query('reader') ?? '') ? Number(c.req.query('reader')) : null,
  };
}

/** The pane beside the running order: the edition as one reader gets it, made by what makes the mail. Its frame runs nothing. */
export async function previewPane(
  c: Page,
  db: Db,
  edition: Pick<Edition, 'id'>,
  publication: Publication,
  { typed }: { typed?: Typed } = {},
) {
  const { clock, links, config } = c.var.site;
  const { as, on, reader } = shownIn(c);
  const of: Record<string, string> = reader === null ? { as } : { reader: String(reader) };
  const at = (over: Record<string, string>) => `?${new URLSearchParams({ ...of, on, ...over })}`;
  const { message, plate, gets_nothing } = await previewEdition(
    db,
    edition.id,
    reader === null ? { persona: as } : { subscriber_id: reader },
    {
      now: clock.now(),
      links,
      public_url: config.PUBLIC_URL,
      typed,
    },
  );
  return {
    sender: publication.from_name,
    subject: message.subject,
    preheader: plate.preheader,
    document: seenOn(on, message.html),
    text: message.text,
    on,
    phone: on === 'phone',
    as_text: on === 'text',
    gets_nothing,
    links: linksOf(message.html),
    readers: PERSONAS.map(({ name, label }) => ({ name, label, current: reader === null && name === as })),
    named: reader === null ? null : (await requireSubscriber(db, reader)).address,
    views: VIEWS.map((view) => ({ label: view.label, url: at({ on: view.on }), current: view.on === on })),
  };
}
