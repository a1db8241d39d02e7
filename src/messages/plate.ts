import { hash } from 'node:crypto';
import type { EditionModel } from '../editions/model.ts';
import { invalid } from '../errors.ts';
import { editionView, type PlateVariant } from './edition-view.ts';
import {
  type BlankName,
  fill,
  type ReaderBlanks,
  type Segment,
  splitAtBlanks,
  standIns,
} from './render/blanks.ts';
import { renderEmail } from './render/render.ts';
import { TEMPLATE_VERSION } from './render/template.ts';
import { foldSpace } from './words/bidi.ts';
import { escapeMarkup } from './words/escape.ts';
import { webAddress } from './words/web-address.ts';
import { wrap } from './words/wrap.ts';

export type { PlateVariant } from './edition-view.ts';
export type { BlankName, ReaderBlanks, Segment } from './render/blanks.ts';

/** Where the strip of a trial stands and, after a blank, what else tells the readers of a plate from others. */
export type VariantName = PlateVariant | `${PlateVariant} ${string}`;

/** An edition made up once: constant segments with blanks for the reader between them. Plain JSON. */
export type Plate = {
  variant: VariantName;
  subject: string;
  preheader: string;
  html: Segment[];
  text: Segment[];
  /** UTF-8 bytes of the HTML part for the reader with the longest blanks we allow for (`LONGEST`). */
  html_bytes: number;
  template_version: string;
};

/** Bytes allowed for each blank, once escaped: an address has at most 254, our links and sentences stay under these. */
const LONGEST: Record<BlankName, number> = {
  first_name: 100,
  address: 254,
  why: 240,
  strip_text: 160,
  subscribe_url: 200,
  manage_url: 200,
  pause_url: 200,
  unsubscribe_url: 200,
  view_url: 200,
};

/** Plates made lately: the desk looks at the same edition again and again, and MJML takes its time. */
const made = new Map<string, Promise<Plate>>();
const MOST_KEPT = 60;

/** Makes up an edition once for all readers of a variant, `apart` names those among them whom `model` is for alone. Throws `invalid` where a link of the model is none of the web. */
export function makePlate(model: EditionModel, variant: PlateVariant, apart?: string): Promise<Plate> {
  const key = hash('sha256', JSON.stringify([model, variant, apart]));
  const plate = made.get(key) ?? makeAnew(model, variant, apart);
  made.delete(key);
  made.set(key, plate);
  plate.catch(() => made.delete(key));
  if (made.size > MOST_KEPT) made.delete(made.keys().next().value as string);
  return plate;
}

async function makeAnew(model: EditionModel, variant: PlateVariant, apart?: string): Promise<Plate> {
  const { nonce, blanks } = standIns();
  const view = editionView(model, variant);
  const { subject, html, text } = await renderEmail('edition', { ...view, blanks });
  const segments = splitAtBlanks(html, nonce);
  return {
    variant: apart === undefined ? variant : `${variant} ${apart}`,
    subject,
    preheader: view.preheader.text,
    html: segments,
    text: splitAtBlanks(text, nonce),
    html_bytes: segments.reduce((sum, segment) => sum + longestBytes(segment), 0),
    template_version: TEMPLATE_VERSION,
  };
}

/**
 * The message of one reader: escaped in HTML, wrapped in text. Throws `invalid` where a blank is missing or a link is
 * none of the web.
 */
export function fillPlate(
  plate: Pick<Plate, 'subject' | 'html' | 'text'>,
  blanks: ReaderBlanks,
): { subject: string; html: string; text: string } {
  const value = (part: 'html' | 'text') => (name: BlankName) => blankValues(name, blanks)[part];
  return {
    subject: plate.subject,
    html: fill(plate.html, value('html')),
    text: fill(plate.text, value('text')),
  };
}

/**
 * A blank of one reader as it stands in each part: escaped in HTML, wrapped in text. Throws `invalid` where it is
 * missing or a link is none of the web.
 */
export function blankValues(name: BlankName, blanks: ReaderBlanks): { html: string; text: string } {
  const text: string | undefined = blanks[name];
  if (typeof text !== 'string')
    throw invalid(`no value for the blank ${name}; expected a text, empty where there is none`);
  const said = name.endsWith('_url') ? webAddress(text, `the blank ${name}`) : foldSpace(text);
  return { html: escapeMarkup(said), text: wrap(said) };
}

/** UTF-8 bytes of the HTML part of one reader. */
export function measure(plate: Plate, blanks: ReaderBlanks): number {
  return Buffer.byteLength(fillPlate(plate, blanks).html);
}

function longestBytes(segment: Segment): number {
  return typeof segment === 'string' ? Buffer.byteLength(segment) : LONGEST[segment.slot];
}
