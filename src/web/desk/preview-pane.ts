import type { Db } from '../../db/connect.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Typed } from '../../editions/load-model.ts';
import { cutToGraphemes } from '../../editions/wording.ts';
import { linksOf } from '../../mailbox/message.ts';
import type { Ahead } from '../../press/persona.ts';
import { PERSONAS, type PersonaName } from '../../press/persona.ts';
import { previewEdition } from '../../press/preview.ts';
import type { Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import type { Page } from '../site.ts';
import { readAloud, seenOn, VIEWS, type View, viewIn } from './seen-on.ts';

/** As whom, and on what, an edition is seen. */
export type Shown = { as: PersonaName; on: View; beside: View | null; reader: number | null };

/** The persona that an address names; one who pays where it names none. */
export const personaIn = (name: string | undefined): PersonaName =>
  PERSONAS.find((one) => one.name === name)?.name ?? 'paid';

/** What the address of the page asks to be shown. */
export function shownIn(c: Page): Shown {
  return {
    as: personaIn(c.req.query('as')),
    on: viewIn(c.req.query('on')) ?? 'desktop',
    beside: viewIn(c.req.query('beside')) ?? null,
    reader: /^[1-9]\d{0,9}$/.test(c.req.query('reader') ?? '') ? Number(c.req.query('reader')) : null,
  };
}

/** The pane beside the running order: the edition as one reader gets it, made by what makes the mail. Its frame runs nothing. */
export async function previewPane(
  c: Page,
  db: Db,
  edition: Pick<Edition, 'id'>,
  publication: Publication,
  { typed, ahead, shown = shownIn(c) }: { typed?: Typed; ahead?: Ahead; shown?: Shown } = {},
) {
  const { clock, links, config } = c.var.site;
  const { as, on, beside, reader } = shown;
  const of: Record<string, string> = reader === null ? { as } : { reader: String(reader) };
  const beside_of: Record<string, string> = beside === null ? {} : { beside };
  const at = (over: Record<string, string>) =>
    `?${new URLSearchParams({ ...of, on, ...beside_of, ...over })}`;
  const { message, plate, gets_nothing, projected } = await previewEdition(
    db,
    edition.id,
    reader === null ? { persona: as } : { subscriber_id: reader },
    {
      now: clock.now(),
      links,
      public_url: config.PUBLIC_URL,
      typed,
      ahead,
    },
  );
  const show = (view: View) => frameOf(view, message);
  return {
    sender: publication.from_name,
    of_name: Object.keys(of)[0] as string,
    of_value: Object.values(of)[0] as string,
    projection: projected ? (ahead?.says ?? null) : null,
    subject: message.subject,
    preheader: plate.preheader,
    projected,
    inbox: INBOXES.map((most) => ({
      most,
      subject: cutToGraphemes(message.subject, most),
      preheader: cutToGraphemes(plate.preheader, Math.max(most, LEAST_PREHEADER)),
    })),
    on,
    ...show(on),
    beside: beside === null ? null : { on: beside, ...show(beside) },
    besides: VIEWS.map((view) => ({ ...view, current: view.on === beside })),
    gets_nothing,
    links: linksOf(message.html),
    readers: PERSONAS.map(({ name, label }) => ({ name, label, current: reader === null && name === as })),
    named: reader === null ? null : (await requireSubscriber(db, reader)).address,
    downloads: DOWNLOADS.map(({ form, label }) => ({
      label,
      url: `${path(routes.deskDownload, { id: edition.id, form })}?${new URLSearchParams(of)}`,
    })),
    views: VIEWS.map((view) => ({ label: view.label, url: at({ on: view.on }), current: view.on === on })),
  };
}

/** Where inboxes cut a subject: a narrow phone, a wide one, a desktop (DESK §3). */
const INBOXES = [33, 41, 70];
const LEAST_PREHEADER = 41;
/** As what a mail can be taken away. */
const DOWNLOADS = [
  { form: 'eml', label: 'Mail' },
  { form: 'html', label: 'HTML' },
  { form: 'txt', label: 'Text' },
];

/** What stands in the frame of a view. */
const frameOf = (view: View, { html, text }: { html: string; text: string }) => ({
  document: seenOn(view, html),
  text,
  phone: view === 'phone',
  as_text: view === 'text',
  aloud: view === 'order' ? readAloud(html) : null,
});
