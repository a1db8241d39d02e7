import type { EditionModel } from '../../editions/model.ts';
import { preheaderPadding, publicationView } from '../publication-view.ts';
import { renderEmail } from '../render/render.ts';
import type { EmailName } from '../render/template.ts';
import { type Words, words } from '../words/bidi.ts';
import { webAddress } from '../words/web-address.ts';

/** A letter ready to be handed over. */
export type LetterContent = { subject: string; html: string; text: string };

/** What every letter says. `why` is a sentence: "You started a free trial on Nov. 12." */
export type LetterData = {
  publication: EditionModel['publication'];
  first_name: string | null;
  address: string;
  why: string;
  /** Null in a letter to the newsroom itself. */
  unsubscribe_url: string | null;
  /** The reader's own page; null where the letter must not open it. */
  manage_url: string | null;
};

/** A letter in the frame that all share: where it comes from, to whom, why, and how to stop it. `view` is its own. */
export function renderLetter(
  name: EmailName,
  data: LetterData,
  { preheader, ...view }: { preheader: string } & Record<string, unknown>,
): Promise<LetterContent> {
  const { publication, first_name, address, why } = data;
  const speak = (text: string): Words => words(text, publication);
  return renderEmail(name, {
    ...publicationView(publication, speak),
    title: publication.name,
    preheader: speak(preheader),
    preheader_padding: preheaderPadding(preheader),
    greeting: speak(first_name ? `Hello ${first_name},` : 'Hello,'),
    address,
    why: speak(why),
    unsubscribe_url: optionalAddress(data.unsubscribe_url, 'unsubscribe_url'),
    manage_url: optionalAddress(data.manage_url, 'manage_url'),
    ...view,
  });
}

/** The address, if there is one; throws `invalid` where it is none of the web. */
export function optionalAddress(url: string | null | undefined, place: string): string | null {
  return url ? webAddress(url, place) : null;
}

/** What an offer gives, as words: "10 editions", or of one that counts days "10 publishing days". */
export const allowanceLabel = (unit: 'editions' | 'publishing_days', allowance: number): string =>
  unit === 'editions' ? editionsLabel(allowance) : `${allowance} publishing day${allowance === 1 ? '' : 's'}`;

/** "10 editions", "1 free edition". */
export const editionsLabel = (count: number, kind = ''): string =>
  `${count} ${kind}edition${count === 1 ? '' : 's'}`;
