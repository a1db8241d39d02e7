import type { Addable, Desk, DeskItem } from '../../editions/desk/read-desk.ts';
import type { listStoryChanges } from '../../editions/desk/story-changes.ts';
import { itemsOf, type ModelItem } from '../../editions/model.ts';
import type { Finding } from '../../press/checks/finding.ts';
import type { Examined } from '../../press/examine.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Section } from '../../publications/section.ts';
import { path, routes } from '../../routes.ts';
import { dayTime, kilobytes } from '../words.ts';
import { findingRow } from './finding-row.ts';
import { toStoryChange } from './pieces.ts';
import { editionForms, wordsForm } from './words-form.ts';

/** `kept`: the items that are there to stay, where the others are only picked for now. */
type Kept = { kept: Set<number> | undefined };

/** What became of stories since they were taken in, by article. */
type Changed = { stories: Awaited<ReturnType<typeof listStoryChanges>> };

/** The page as the desk shows it: its parts with their items, what may be put on it, and how large the mail is. */
export function pageOf(
  desk: Desk,
  sections: Section[],
  {
    model,
    findings,
    plates,
    sizes,
    kept,
    stories,
    publication,
  }: Examined & Kept & Changed & { publication: Publication },
) {
  const printed = new Map(itemsOf(model).map((item) => [item.article_id, item]));
  const editionId = desk.edition.id;
  const largest = Math.max(...plates.map(({ html_bytes }) => html_bytes));
  const parts = partsOf(desk.items, sections).map(({ label, place, section_id, items }) => ({
    label,
    place,
    section_id,
    items: items.map((item) =>
      itemRow(item, editionId, printed.get(item.article_id), { sections, findings, kept, stories, sizes }),
    ),
  }));
  return {
    parts,
    ...editionForms(desk.edition, desk.revs),
    dropped: desk.dropped.map((item) => droppedRow(item, editionId)),
    left_out: desk.left_out.map((one) => addableRow(one, publication)),
    // what came since has no place in what has gone
    pending: desk.edition.pressed_at === null ? desk.pending.map((one) => addableRow(one, publication)) : [],
    places: placesFor(sections),
    add_places: kept ? placesFor(sections) : [...placesFor(sections), BREAKING],
    size: kilobytes(largest),
    size_level: largest >= 95_000 ? 'bad' : largest >= 80_000 ? 'warn' : 'good',
  };
}

/** The parts of the page in their order, the sections even where they are empty. */
function partsOf(items: DeskItem[], sections: Section[]) {
  const of = (place: DeskItem['place'], section_id: number | null = null) =>
    items.filter((item) => item.place === place && (place !== 'section' || item.section_id === section_id));
  return [
    { label: 'Lead', place: 'lead', section_id: null, items: of('lead') },
    { label: 'Top stories', place: 'top', section_id: null, items: of('top') },
    ...sections.map(({ id, name }) => ({
      label: name,
      place: 'section',
      section_id: id,
      items: of('section', id),
    })),
    { label: 'Briefs', place: 'brief', section_id: null, items: of('brief') },
  ];
}

const BREAKING = { value: 'breaking', label: 'Break in at the top' };

const placesFor = (sections: Section[]) => [
  { value: 'lead', label: 'Lead' },
  { value: 'top', label: 'Top stories' },
  ...sections.map(({ id, name }) => ({ value: `section ${id}`, label: name })),
  { value: 'brief', label: 'Briefs' },
];

function itemRow(
  item: DeskItem,
  editionId: number,
  printed: ModelItem | undefined,
  {
    sections,
    findings,
    kept,
    stories,
    sizes,
  }: { sections: Section[]; findings: Finding[]; sizes: Examined['sizes'] } & Kept & Changed,
) {
  const verb = (name: string) => path(routes.deskItem, { id: editionId, item: item.id, verb: name });
  const here = item.place === 'section' ? `section ${item.section_id}` : item.place;
  return {
    id: item.id,
    article_id: item.article_id,
    tentative: kept !== undefined && !kept.has(item.id),
    headline: printed?.headline ?? item.article_headline,
    summary: item.place === 'brief' ? null : (printed?.summary ?? ''),
    byline: item.byline,
    url: item.url,
    size: kilobytes(sizes.get(item.article_id) ?? 0),
    may_lock: item.place !== 'brief' && (item.headline === null || item.summary === null),
    touched: item.touched_by,
    pinned: item.pinned,
    follow_up: item.follow_up,
    changed: item.rev > item.base_rev,
    story_changes: toStoryChange(stories.get(item.article_id)),
    has_image:
      (item.image_url ?? item.picture_url) !== null && (item.place === 'lead' || item.place === 'top'),
    show_image: item.show_image,
    places: placesFor(sections).map((place) => ({ ...place, here: place.value === here })),
    urls: Object.fromEntries(
      ['up', 'down', 'place', 'pin', 'drop', 'image', 'lock', 'seen', 'words'].map((name) => [
        name,
        verb(name),
      ]),
    ),
    fields: wordsForm(item, item.revs),
    findings: findings
      .filter(({ at }) => at?.article_id === item.article_id)
      .map((finding) => findingRow(finding, [item])),
  };
}

const droppedRow = ({ id, headline, article_headline, url }: DeskItem, editionId: number) => ({
  headline: headline ?? article_headline,
  url,
  back_url: path(routes.deskItem, { id: editionId, item: id, verb: 'back' }),
});

/** A story that may be put on the page, with why it is not there. */
export const addableRow = (
  { article_id, headline, url, section, reason, detail, score, published_at }: Addable,
  { zone }: Publication,
) => ({
  article_id,
  headline,
  url,
  why: [
    reason.replaceAll('_', ' '),
    section,
    detail,
    published_at && `published ${dayTime(published_at, zone)}`,
  ]
    .filter(Boolean)
    .join(' · '),
  score: score === null ? null : score.toFixed(1),
});
