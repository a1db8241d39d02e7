import type { EditionModel } from '../editions/model.ts';
import type { Words } from './words/bidi.ts';
import { webAddress } from './words/web-address.ts';

/** Splits words into runs, told the publication's language and direction. */
export type Speak = (text: string, ownLang?: string | null) => Words;

/** What every e-mail of a publication says of it. */
export type PublicationView = {
  lang: string;
  dir: 'ltr' | 'rtl';
  /** The side on which lines begin. */
  start: 'left' | 'right';
  publication: {
    name: Words;
    tagline: Words | null;
    site_url: string;
    /** Who sends this, and from where: name and postal address. */
    imprint: Words;
    corrections_address: string;
    privacy_url: string | null;
  };
};

/** What an inbox shows beside the subject is about 140 characters: what we do not fill, it takes from the body. */
const PREHEADER_COLUMNS = 150;
/** Takes room and shows nothing: a joiner, a no-break space. */
const FILLER = '\u034F\u00A0';

/** What follows a preheader in the hidden line, so that no words of the body are shown after it. */
export function preheaderPadding(preheader: string): string {
  return FILLER.repeat(Math.max(0, PREHEADER_COLUMNS - preheader.length));
}

/** Throws `invalid` where an address of the publication is none of the web. */
export function publicationView(publication: EditionModel['publication'], speak: Speak): PublicationView {
  const { name, tagline, lang, dir, site_url, postal_address, corrections_address, privacy_url } =
    publication;
  return {
    lang,
    dir,
    start: dir === 'rtl' ? 'right' : 'left',
    publication: {
      name: speak(name),
      tagline: tagline ? speak(tagline) : null,
      site_url: webAddress(site_url, `site_url of ${name}`),
      // An address often opens with the name already.
      imprint: speak(postal_address.startsWith(name) ? postal_address : `${name}, ${postal_address}`),
      corrections_address,
      privacy_url: privacy_url ? webAddress(privacy_url, `privacy_url of ${name}`) : null,
    },
  };
}
