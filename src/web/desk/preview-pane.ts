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
export type Shown = { as: PersonaName; on: 'desktop' | 'phone' | 'text'; reader: number | null };

const VIEWS: { on: Shown['on']; label: string }[] = [
  { on: 'desktop', label: 'Desktop' },
  { on: 'phone', label: 'Phone' },
  { on: 'text', label: 'Text' },
];

/** The persona that an address names; one who pays where it names none. */
export const personaIn = (name: string | undefined): PersonaName =>
  PERSONAS.find((one) => one.name === name)?.name ?? 'paid';

/** What the address of the page asks to be shown. */
function shownIn(c: Page): Shown {
  return {
    as: personaIn(c.req.query('as')),
    on: VIEWS.find(({ on }) => on === c.req.query('on'))?.on ?? 'desktop',
    reader: /^[1-9]\d{0,9}$/.test(c.req.query('reader') ?? '') ? Number(c.req.query('reader')) : null,
  };
}

/** The pane beside the running order: the edition as one reader gets it, made by what makes the mail. Its frame runs nothing. */
export async function previewPane(
  c: Page,
  edition: Pick<Edition, 'id'>,
  publication: Publication,
  { typed }: { typed?: Typed } = {},
) {
  const { db, clock, links, config } = c.var.site;
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
  const policy = `<meta http-equiv="Content-Security-Policy" content="${MAIL_POLICY}">`;
  return {
    sender: publication.from_name,
    subject: message.subject,
    preheader: plate.preheader,
    document: withinHead(message.html, policy),
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
