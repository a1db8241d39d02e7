import type { Db } from '../db/connect.ts';
import { type Publication, requirePublication } from '../publications/publication.ts';
import { listToTell } from './corrections/correction.ts';
import type { TextField } from './desk/field.ts';
import { type Edition, hasTold, requireEdition } from './edition.ts';
import { editionPath } from './edition-path.ts';
import { listItems } from './item.ts';
import type { EditionModel, ModelImage, ModelItem } from './model.ts';
import { commentOf } from './reader-comment.ts';
import { MOST_READ } from './weekly/pick.ts';
import { cutToWords, daysLabel, shortDate, wordCount } from './wording.ts';

type Row = Awaited<ReturnType<typeof listItems>>[number];

/** DIGEST §1: words of a summary by place. */
const SUMMARY_WORDS: Record<Row['place'], { least: number; most: number }> = {
  lead: { least: 30, most: 60 },
  top: { least: 20, most: 35 },
  section: { least: 8, most: 30 },
  brief: { least: 8, most: 30 },
};
const CAPTION_WORDS = { least: 1, most: 20 };

/** Words that are being typed and have not been saved: of one item, or of the edition itself. */
export type Typed = { item_id: number | null; words: Partial<Record<TextField, string | null>> };

/**
 * What an edition says, ready to be made up: the editor's wording where there is one, else the article's, cut to the
 * lengths of DIGEST §1. `publicUrl` is where our pages are; `typed`, for a preview, takes the place of what is saved.
 * Throws `not_found`.
 */
export async function loadModel(
  db: Db,
  editionId: number,
  { publicUrl, typed }: { publicUrl: string; typed?: Typed | undefined },
): Promise<EditionModel> {
  const saved = await requireEdition(db, editionId);
  const edition = typed && typed.item_id === null ? { ...saved, ...typed.words } : saved;
  const publication = await requirePublication(db, edition.publication_id);
  const rows = (await listItems(db, editionId)).map((row) =>
    row.id === typed?.item_id ? { ...row, ...typed.words } : row,
  );
  const item = (row: Row) => itemOf(row, { publicUrl, slug: publication.slug, lang: publication.lang });
  const at = (place: Row['place']) => rows.filter((row) => row.place === place);
  const { slug, name, tagline, lang, dir, site_url, postal_address, corrections_address, privacy_url } =
    publication;
  return {
    publication: {
      slug,
      name,
      tagline,
      lang,
      dir,
      site_url,
      postal_address,
      corrections_address,
      privacy_url,
    },
    date: edition.edition_on.toString(),
    number: edition.number ?? 0,
    layout: edition.layout ?? 'full',
    subject: edition.subject ?? '',
    preheader: edition.preheader ?? '',
    since: await headingOf(db, edition, rows),
    editors_line: edition.editors_line,
    ...broughtTo(edition, publication),
    ...(await correctionsIn(db, edition, { publicUrl, slug: publication.slug })),
    lead: at('lead').map(item)[0] ?? null,
    top: at('top').map(item),
    sections: [...Map.groupBy(at('section'), edition.layout === 'weekly' ? groupOfWeek : sectionOf)].map(
      ([name, list]) => ({ name, items: list.map(item) }),
    ),
    briefs: at('brief').map(item),
    comment: await commentOf(db, edition.comment, rows),
  };
}

/** What else an editor brought to an edition; nothing for what is not whole. */
function broughtTo(
  { editors_name, schedule, sponsor_name, sponsor_text, sponsor_url }: Edition,
  { schedule_label: label, zone }: Publication,
): Pick<EditionModel, 'editors_name' | 'schedule' | 'sponsor'> {
  return {
    ...(editors_name ? { editors_name } : {}),
    ...(schedule ? { schedule: { label, zone, lines: schedule.split('\n') } } : {}),
    ...(sponsor_name && sponsor_url
      ? { sponsor: { name: sponsor_name, text: sponsor_text ?? '', url: sponsor_url } }
      : {}),
  };
}

const sectionOf = ({ section_name }: Row): string => section_name ?? '';

const groupOfWeek = ({ picked_for }: Row): string =>
  picked_for === MOST_READ ? 'Most read' : 'More of the week';

/** What stands over the stories, where they are not simply those of a day. */
async function headingOf(db: Db, edition: Edition, rows: Row[]): Promise<string | null> {
  if (edition.layout === 'weekly') return weekOf(rows);
  return edition.layout === 'correction' ? 'Correction' : sinceOf(db, edition);
}

/** What a regular edition tells of what was wrong in earlier ones. */
async function correctionsIn(
  db: Db,
  edition: Edition,
  { publicUrl, slug }: { publicUrl: string; slug: string },
): Promise<Pick<EditionModel, 'corrections'>> {
  if (edition.kind !== 'regular') return {};
  const told = await listToTell(db, edition);
  if (told.length === 0) return {};
  return {
    corrections: told.map(({ id, note, of_lead, ...wrong }) => ({
      ...{ id, note, top: of_lead },
      url: publicUrl + editionPath(slug, wrong),
    })),
  };
}

/** The heading of a round-up: from the first to the last of the editions that told its stories. */
function weekOf(rows: Row[]): string {
  return `The week of ${daysLabel(rows.flatMap(({ prior_edition_on }) => prior_edition_on ?? []))}`;
}

function itemOf(
  row: Row,
  { publicUrl, slug, lang }: { publicUrl: string; slug: string; lang: string },
): ModelItem {
  const prior =
    row.prior_edition_on && editionPath(slug, { kind: 'regular', edition_on: row.prior_edition_on });
  return {
    article_id: row.article_id,
    headline: row.headline ?? row.article_headline,
    byline: row.byline,
    summary: summaryOf(row),
    url: row.url,
    lang: row.lang && row.lang.split('-')[0] !== lang.split('-')[0] ? row.lang : null,
    section: row.section_name ?? '',
    ...(row.kicker ? { kicker: row.kicker } : {}),
    ...(row.breaking ? { breaking: true } : {}),
    follow_up: row.follow_up,
    prior_url: prior && publicUrl + prior,
    related:
      row.related_headline && row.related_url
        ? { headline: row.related_headline, url: row.related_url }
        : null,
    image: imageOf(row),
  };
}

/** An editor's words stand as they are; an article's are cut, and a short summary gives way to a fuller opening. */
function summaryOf(row: Row): string {
  if (row.summary !== null) return row.summary;
  const limits = SUMMARY_WORDS[row.place];
  const opening = row.body_text.split(/\n+/).find((line) => wordCount(line) >= 8) ?? '';
  const short = wordCount(row.article_summary) < limits.least / 2;
  const source = short && wordCount(opening) > wordCount(row.article_summary) ? opening : row.article_summary;
  return cutToWords(source, limits);
}

function imageOf(row: Row): ModelImage | null {
  const url = row.picture_url ?? row.image_url;
  if (!url || !row.show_image || row.place === 'section' || row.place === 'brief') return null;
  // what the story says of its own picture is not said of another
  const story = row.picture_url ? NOTHING_SAID : storyImage(row);
  return {
    url,
    alt: row.image_alt ?? story.alt ?? '',
    caption: row.image_caption ?? (story.caption && cutToWords(story.caption, CAPTION_WORDS)),
    credit: row.picture_credit ?? story.credit,
    width: story.width,
    height: story.height,
  };
}

const NOTHING_SAID = { alt: null, caption: null, credit: null, width: null, height: null };

const storyImage = (row: Row) => ({
  alt: row.article_image_alt,
  caption: row.article_image_caption,
  credit: row.image_credit,
  width: row.image_width,
  height: row.image_height,
});

/** The heading of a best-of: the date of the last edition that readers were handed before it. */
async function sinceOf(db: Db, edition: Edition): Promise<string | null> {
  if (edition.layout !== 'best_of') return null;
  const previous = await db
    .selectFrom('editions')
    .select('edition_on')
    .where('publication_id', '=', edition.publication_id)
    .where('kind', '=', 'regular')
    .where(hasTold('editions'))
    .where('cutoff_at', '<', edition.cutoff_at)
    .orderBy('cutoff_at', 'desc')
    .executeTakeFirst();
  return previous ? `Since ${shortDate(previous.edition_on)}` : null;
}
