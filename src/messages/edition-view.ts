import type { EditionModel, ModelImage, ModelItem } from '../editions/model.ts';
import { cutToGraphemes } from '../editions/wording.ts';
import { type PublicationView, preheaderPadding, publicationView, type Speak } from './publication-view.ts';
import { foldSpace, type Words, words } from './words/bidi.ts';
import { longDate, zoneName } from './words/date-label.ts';
import { webAddress } from './words/web-address.ts';

/** A label over a group of stories, in capitals for the text part. */
type Heading = Words & { upper: string };
/** An item as the templates want it: every word split into runs, every decision taken. */
type ItemView = {
  headline: Words;
  byline: Words | null;
  summary: Words | null;
  kicker: Words | null;
  has_kicker: boolean;
  mark: 'Breaking' | 'Update' | null;
  url: string;
  prior_url: string | null;
  related: { headline: Words; url: string } | null;
  image: ImageView | null;
  corrected: Words[];
};
type ImageView = {
  url: string;
  alt: string;
  caption: Words | null;
  credit: Words | null;
  width: number | null;
  height: number | null;
  has_note: boolean;
};

/** What an earlier edition had wrong. */
type NoteView = { note: Words; url: string };

export type EditionView = PublicationView & {
  title: string;
  subject: Words;
  preheader: Words;
  preheader_padding: string;
  date: string;
  date_label: string;
  number_label: Words;
  strip_top: boolean;
  strip_foot: boolean;
  since: Words | null;
  editors_line: Words | null;
  editors_name: Words | null;
  corrected: Words[];
  corrections_top: NoteView[];
  corrections: NoteView[];
  schedule: { heading: Heading; zone: string; lines: Words[] } | null;
  sponsor: { name: Words; text: Words | null; url: string } | null;
  labels: { top: Heading; briefs: Heading; comment: Heading; corrections: Heading };
  lead: ItemView | null;
  top: ItemView[];
  has_top: boolean;
  sections: { name: Heading; items: ItemView[] }[];
  briefs: ItemView[];
  has_briefs: boolean;
  comment: { author_name: Words; text: Words; headline: Words; url: string } | null;
};

const TOP_LABELS: Record<EditionModel['layout'], string> = {
  full: 'Top stories',
  light: 'Also today',
  best_of: 'Top stories',
  weekly: 'Leads of the week',
  correction: 'Top stories',
};

/** A title is read out before anything else, and shown in a tab. */
const LONGEST_TITLE = 70;

const NUMBER_LABELS: Partial<Record<EditionModel['layout'], string>> = {
  weekly: 'Weekly round-up',
  correction: 'Correction',
};

/** Where the strip of a trial stands: nowhere for who pays. */
export type PlateVariant = 'plain' | 'strip-top' | 'strip-foot';

/** What the templates of an edition are filled from. Throws `invalid` where a link is none of the web. */
export function editionView(model: EditionModel, variant: PlateVariant): EditionView {
  const { publication } = model;
  const speak: Speak = (text, own_lang = null) =>
    words(text, { lang: publication.lang, dir: publication.dir, own_lang });
  const heading = (text: string): Heading => {
    const said = speak(text);
    return { ...said, upper: said.text.toLocaleUpperCase(publication.lang) };
  };
  const item = (one: ModelItem) => itemView(one, speak, publication.lang);
  const notes = model.corrections ?? [];
  const noteView = ({ note, url }: (typeof notes)[number]): NoteView => ({
    note: speak(note),
    url: webAddress(url, `the correction ${note}`),
  });
  // the heading says the section, but in a round-up
  const inSection = (one: ModelItem) =>
    item({ ...one, section: model.layout === 'weekly' ? one.section : '', image: null });
  return {
    ...publicationView(publication, speak),
    title: foldSpace(cutToGraphemes(`${publication.name}: ${model.subject}`, LONGEST_TITLE)),
    subject: speak(model.subject),
    preheader: speak(model.preheader),
    preheader_padding: preheaderPadding(model.preheader),
    date: model.date,
    date_label: longDate(model.date, publication.lang),
    number_label: speak(NUMBER_LABELS[model.layout] ?? `No. ${model.number}`),
    strip_top: variant === 'strip-top',
    strip_foot: variant === 'strip-foot',
    since: model.since ? speak(model.since) : null,
    editors_line: model.editors_line ? speak(model.editors_line) : null,
    editors_name: model.editors_line && model.editors_name ? speak(model.editors_name) : null,
    corrected: (model.corrected ?? []).map((note) => speak(note)),
    corrections_top: notes.filter(({ top }) => top).map(noteView),
    corrections: notes.filter(({ top }) => !top).map(noteView),
    schedule: model.schedule ? scheduleView(model.schedule, heading, speak, publication.lang) : null,
    sponsor: model.sponsor ? sponsorView(model.sponsor, speak) : null,
    labels: {
      top: heading(TOP_LABELS[model.layout]),
      briefs: heading('In brief'),
      comment: heading('From our readers'),
      corrections: heading(notes.length > 1 ? 'Corrections' : 'Correction'),
    },
    lead: model.lead && item(model.lead),
    top: model.top.map(item),
    has_top: model.top.length > 0,
    sections: model.sections
      .filter(({ items }) => items.length > 0)
      .map(({ name, items }) => ({ name: heading(name), items: items.map(inSection) })),
    briefs: model.briefs.map(item),
    has_briefs: model.briefs.length > 0,
    comment: model.comment && commentView(model.comment, speak),
  };
}

function itemView(item: ModelItem, speak: Speak, lang: string): ItemView {
  const place = `article ${item.article_id} (${item.headline})`;
  const kicker = item.kicker ?? item.section;
  const mark = item.breaking ? 'Breaking' : item.follow_up ? 'Update' : null;
  return {
    headline: speak(item.headline, item.lang),
    byline: item.byline ? speak(signed(item.byline, lang)) : null,
    summary: item.summary ? speak(item.summary, item.lang) : null,
    kicker: kicker ? speak(kicker) : null,
    has_kicker: mark !== null || kicker !== '',
    mark,
    url: webAddress(item.url, place),
    prior_url: item.follow_up && item.prior_url ? webAddress(item.prior_url, `${place}, prior_url`) : null,
    related: item.related && {
      headline: speak(item.related.headline),
      url: webAddress(item.related.url, `${place}, related`),
    },
    image: item.image && imageView(item.image, item, speak),
    corrected: (item.corrected ?? []).map((note) => speak(note)),
  };
}

function imageView(image: ModelImage, item: ModelItem, speak: Speak): ImageView {
  return {
    url: webAddress(image.url, `article ${item.article_id} (${item.headline}), image`),
    // The picture is a link to the story: without a description, the headline is what that link says.
    alt: foldSpace(image.alt) || foldSpace(item.headline),
    caption: image.caption ? speak(image.caption, item.lang) : null,
    credit: image.credit ? speak(image.credit) : null,
    width: image.width,
    height: image.height,
    has_note: Boolean(image.caption || image.credit),
  };
}

function scheduleView(
  { label, zone, lines }: NonNullable<EditionModel['schedule']>,
  heading: (text: string) => Heading,
  speak: Speak,
  lang: string,
) {
  return { heading: heading(label), zone: zoneName(zone, lang), lines: lines.map((line) => speak(line)) };
}

function sponsorView({ name, text, url }: NonNullable<EditionModel['sponsor']>, speak: Speak) {
  return { name: speak(name), text: text ? speak(text) : null, url: webAddress(url, `the sponsor ${name}`) };
}

function commentView(comment: NonNullable<EditionModel['comment']>, speak: Speak) {
  return {
    author_name: speak(comment.author_name),
    text: speak(comment.text),
    headline: speak(comment.headline),
    url: webAddress(comment.url, `the comment by ${comment.author_name}`),
  };
}

/** "By Ann Lee", unless the byline says so itself or the language is not English. */
function signed(byline: string, lang: string): string {
  return /^en\b/i.test(lang) && !/^by\b/i.test(byline) ? `By ${byline}` : byline;
}
