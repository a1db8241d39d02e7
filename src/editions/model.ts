/**
 * What an edition says, ready to be made up: e-mail, text part, archive page and preview are all made from this one
 * value, and it is what is stored and hashed at press. Plain JSON; text is plain text, never markup.
 */
export type EditionModel = {
  publication: {
    slug: string;
    name: string;
    tagline: string;
    lang: string;
    dir: 'ltr' | 'rtl';
    site_url: string;
    postal_address: string;
    corrections_address: string;
    privacy_url: string | null;
  };
  /** ISO date, e.g. "2026-11-23". */
  date: string;
  /** Edition number of the publication, from 1; 0 for a weekly round-up, which has none. */
  number: number;
  layout: 'full' | 'light' | 'best_of' | 'weekly' | 'correction';
  subject: string;
  preheader: string;
  /** The heading of a best-of edition, e.g. "Since Dec. 23", or of a round-up; null otherwise. */
  since: string | null;
  editors_line: string | null;
  /** What earlier editions had wrong; `top`: it was in the lead of one. */
  corrections?: { id: number; note: string; url: string; top: boolean }[];
  /** On the web alone: what was wrong in the edition itself. */
  corrected?: string[];
  /** Who signs the line. What only an editor brings is missing where nobody brought it. */
  editors_name?: string | null;
  /** What happens today, a line each, at times of the zone. */
  schedule?: { label: string; zone: string; lines: string[] } | null;
  /** Who paid for a place in the edition; it is always labelled. */
  sponsor?: { name: string; text: string; url: string } | null;
  lead: ModelItem | null;
  top: ModelItem[];
  /** In a weekly round-up these are no sections of the publication: what was read most, and what else there was. */
  sections: { name: string; items: ModelItem[] }[];
  briefs: ModelItem[];
  comment: { id?: number; author_name: string; text: string; headline: string; url: string } | null;
};

export type ModelItem = {
  article_id: number;
  headline: string;
  byline: string | null;
  summary: string;
  url: string;
  /** The language of the words where it is not the publication's. */
  lang: string | null;
  section: string;
  /** An editor's word over the headline, in place of the section. */
  kicker?: string | null;
  /** Put in after the others were picked, because it cannot wait. */
  breaking?: boolean;
  /** On the web alone: what was wrong in it. */
  corrected?: string[];
  /** Told before in a sent edition: shown with the label "Update". `prior_url` is that edition's archive page. */
  follow_up: boolean;
  prior_url: string | null;
  related: { headline: string; url: string } | null;
  image: ModelImage | null;
};

/** Every item of an edition, in the order of the page. */
export const itemsOf = ({
  lead,
  top,
  sections,
  briefs,
}: Pick<EditionModel, 'lead' | 'top' | 'sections' | 'briefs'>): ModelItem[] => [
  ...(lead ? [lead] : []),
  ...top,
  ...sections.flatMap(({ items }) => items),
  ...briefs,
];

export type ModelImage = {
  url: string;
  alt: string;
  caption: string | null;
  credit: string | null;
  width: number | null;
  height: number | null;
};
