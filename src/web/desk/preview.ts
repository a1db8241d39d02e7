import { Hono } from 'hono';
import { explainEdition } from '../../editions/explain.ts';
import { notFound } from '../../errors.ts';
import { linksOf } from '../../mailbox/message.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { PERSONAS } from '../../press/persona.ts';
import { type Preview, previewEdition } from '../../press/preview.ts';
import { routes } from '../../routes.ts';
import { MAIL_POLICY, OPEN_BESIDE, withinHead } from '../isolate.ts';
import { linkTarget } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env } from '../site.ts';
import { dayTime, kilobytes } from '../words.ts';
import { personaIn } from './preview-pane.ts';
import { reasonsOf } from './reasons.ts';

const SHOWN_HERE = PERSONAS.filter(({ name }) => ['paid', 'trial-1', 'trial-7', 'trial-last'].includes(name));
const WIDTHS = [
  { width: 'desktop', label: 'Desktop' },
  { width: 'phone', label: 'Phone' },
];
/** The e-mail stands in the page itself, in a frame that inherits its policy: so here styles may be inline. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' http: https: data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/** An edition as its readers get it, for those who make it; a signed link opens it until there is a desk. */
export const preview = new Hono<Env>();

preview.get(routes.preview, async (c) => {
  const { db, clock, links, config } = c.var.site;
  const { subject, publication } = linkTarget(c, 'preview');
  const persona = personaIn(c.req.query('as'));
  const width = c.req.query('on') === 'phone' ? 'phone' : 'desktop';
  const shown = await previewEdition(
    db,
    subject,
    { persona },
    {
      now: clock.now(),
      links,
      public_url: config.PUBLIC_URL,
    },
  );
  if (shown.publication.id !== publication) throw notFound(`edition ${subject} is not of this newsletter`);
  const at = (as: string, on: string) => `?${new URLSearchParams({ as, on })}`;
  c.header('content-security-policy', PAGE_POLICY);
  return show(c, 'preview', {
    ...describe(shown),
    ...reasonsOf(await explainEdition(db, subject)),
    phone: width === 'phone',
    readers: SHOWN_HERE.map(({ name, label }) => ({
      label,
      url: at(name, width),
      current: name === persona,
    })),
    widths: WIDTHS.map((one) => ({
      label: one.label,
      url: at(persona, one.width),
      current: one.width === width,
    })),
  });
});

function describe({ edition, publication, plate, message, projected }: Preview) {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${MAIL_POLICY}">`;
  return {
    title: message.subject,
    title_alone: true,
    publication,
    home_url: '#main',
    sender: publication.from_name,
    preheader: plate.preheader,
    date: longDate(edition.edition_on.toString(), publication.lang),
    state: edition.state,
    reason: edition.reason,
    projected,
    press: dayTime(edition.pressed_at ?? edition.press_at, publication.zone),
    size: kilobytes(plate.html_bytes),
    text: message.text,
    document: withinHead(message.html, policy + OPEN_BESIDE),
    links: linksOf(message.html),
  };
}
