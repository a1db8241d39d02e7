import type { ScoreParts } from '../../articles/ranking/rank.ts';
import type { EditionItems } from '../../db/schema/editions.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Section } from '../../publications/section.ts';

export type Place = EditionItems['place'];
/** Where an editor wants a story; of those wanted in one part of the page the lower rank comes first. */
export type Pin = { place: Place; rank: number; section_id?: number | null };
/** An article that may be carried, with all that decides where. */
export type Contender = {
  article_id: number;
  headline: string;
  byline: string | null;
  section_id: number | null;
  score: number;
  parts: ScoreParts;
  first_published_at: Temporal.Instant;
  /** Has a picture fit for the lead. */
  image: boolean;
  /** Announces instead of telling: never top unless pinned, and the lead only where nothing else can be. */
  notice: boolean;
  pinned: Pin | null;
  follow_up: { edition_id: number; why: string } | null;
  /** Articles that may well tell the same, those closely related to it, and all of its story line. */
  close: number[];
  related: number[];
  line: number[];
};
/** A contender's place on the page; the list of them is in the order of the page. */
export type Placed = { contender: Contender; place: Place; why: string; related_article_id: number | null };
/** A contender that found no place. `under`: the story that took it, or links to it. */
type Left = { contender: Contender; reason: string; detail: string; under: number | null };
export type Selection = { placed: Placed[]; left: Left[] };
/** What the publication allows. */
export type Limits = Pick<Publication, 'min_items' | 'target_items' | 'max_items'> & {
  sections: Section[];
  best_of: boolean;
};

/** DIGEST §4.6. */
const TOP_PER_SECTION = 2;
const TOP_PER_BYLINE = 2;
const BRIEFS = 12;
/** Scores this near count as a tie. */
const NEAR_TIE = 3;
/** Of what is left below the top stories, this much stands in the sections and the rest in the briefs. */
const SECTION_SHARE = 0.6;
/** A story line may have so many pieces, and so many of them among lead and top. */
const PER_STORY_LINE = 2;
const TOP_PER_STORY_LINE = 2;
/** Beyond the target only a story at least this near to the middle of the top stories is worth a reader's time. */
const WORTH = 0.6;

/**
 * Fills the page from the contenders (DIGEST §4.6): pins, lead, top stories, sections in their order, briefs. The same
 * contenders always give the same page. Who finds no place is told why.
 */
export function select(contenders: Contender[], limits: Limits): Selection {
  const order = [...contenders].sort(byScore);
  const page: Page = { limits, placed: new Map(), left: new Map(), topSize: topSizeFor(order.length) };
  for (const one of order.toSorted(byRank))
    if (one.pinned) put(page, one, one.pinned.place, 'pinned by an editor');
  const free = order.filter((one) => !page.placed.has(one.article_id));
  const stories = free.filter((one) => !one.notice);
  // An edition without a lead cannot go to press: where there is no news at all, the best of the rest leads.
  const able = stories.length > 0 ? stories : free;
  const lead = leadOf(able);
  if (lead && !list(page, 'lead').length) put(page, lead, 'lead', whyLead(lead, able));
  for (const one of order) if (!one.notice) offerTop(page, one);
  for (const one of order) offerRest(page, one, { thin: false });
  for (const one of order) offerRest(page, one, { thin: true });
  return { placed: inOrder(page), left: [...page.left.values()] };
}

type Page = {
  limits: Limits;
  placed: Map<number, Placed>;
  left: Map<number, Left>;
  topSize: number;
};

/** Three top stories on a thin day, five on a full one. */
const topSizeFor = (contenders: number): number => (contenders >= 12 ? 5 : contenders >= 8 ? 4 : 3);

/** The top score; among near-ties one with a picture, else the most important one. */
function leadOf(order: Contender[]): Contender | undefined {
  const [first] = order;
  if (!first || first.image) return first;
  const near = order.filter(({ score }) => first.score - score <= NEAR_TIE);
  return (
    near.find(({ image }) => image) ??
    near.reduce((best, one) => (one.parts.importance > best.parts.importance ? one : best))
  );
}

function whyLead(lead: Contender, [first]: Contender[]): string {
  if (lead.notice) return 'the best of a day without other stories';
  if (lead === first) return 'the highest score';
  return lead.image ? 'a picture breaks the near-tie' : 'the most important of a near-tie';
}

function offerTop(page: Page, one: Contender): void {
  const top = list(page, 'top');
  if (isSettled(page, one) || top.length >= page.topSize || page.placed.size >= page.limits.max_items) return;
  if (isUnderStoryLine(page, one)) return;
  const above = [...list(page, 'lead'), ...top];
  if (above.filter(({ contender }) => one.line.includes(contender.article_id)).length >= TOP_PER_STORY_LINE)
    return;
  if (top.filter(({ contender }) => contender.section_id === one.section_id).length >= TOP_PER_SECTION)
    return;
  const byline = one.byline?.trim().toLowerCase();
  const theirs = top.filter(({ contender }) => byline && contender.byline?.trim().toLowerCase() === byline);
  if (theirs.length >= TOP_PER_BYLINE) return;
  put(page, one, 'top', `score ${one.score}`);
}

/** Places what is below the top. The second, `thin`, round takes nearly all while the edition is short of its target. */
function offerRest(page: Page, one: Contender, { thin }: { thin: boolean }): void {
  if (thin ? isEnough(page) || !isLeftFor(page, one, LEFT_IN_PLENTY) : isSettled(page, one)) return;
  if (!thin && isUnderStoryLine(page, one)) return;
  const answer = (thin ? undefined : whyNotWorth(page, one)) ?? roomFor(page, one);
  if (typeof answer === 'string') put(page, one, answer, `score ${one.score}`);
  else leave(page, one, answer.reason, answer.detail);
}

/** Reasons that do not count while the edition is short of stories. */
const LEFT_IN_PLENTY = ['story_line', 'low_score', 'notice'];

const isLeftFor = (page: Page, one: Contender, reasons: string[]): boolean =>
  reasons.includes(page.left.get(one.article_id)?.reason ?? '');

const isEnough = ({ placed, limits }: Page): boolean => placed.size >= limits.target_items;

function whyNotWorth(page: Page, one: Contender): Pick<Left, 'reason' | 'detail'> | undefined {
  const { placed, limits } = page;
  if (placed.size >= limits.max_items) {
    return { reason: 'total_cap', detail: `score ${one.score}; ${limits.max_items} items are placed` };
  }
  if (one.notice) return { reason: 'notice', detail: 'an announcement, not a story' };
  if (!isEnough(page) || one.score >= worthOf(page)) return undefined;
  return {
    reason: 'low_score',
    detail: `score ${one.score}; beyond ${limits.target_items} items ${worthOf(page)} is asked`,
  };
}

function roomFor(page: Page, one: Contender): Place | Pick<Left, 'reason' | 'detail'> {
  const { limits, placed } = page;
  const section = limits.sections.find(({ id }) => id === one.section_id);
  const ofSection = ({ contender }: Placed) => contender.section_id === one.section_id;
  if (limits.best_of && section && [...placed.values()].filter(ofSection).length >= section.cap) {
    return { reason: 'section_cap', detail: `score ${one.score}; ${section.name} has its ${section.cap}` };
  }
  const inSections = list(page, 'section');
  const roomy = inSections.length < sectionRoom(page);
  if (section && roomy && inSections.filter(ofSection).length < section.cap) return 'section';
  if (list(page, 'brief').length < BRIEFS) return 'brief';
  const name = section?.name ?? 'its section';
  return { reason: 'section_cap', detail: `score ${one.score}; ${name} and the briefs are full` };
}

/**
 * A piece close or related to a placed one becomes a link under it; a second close one, or more of a story line that
 * has its pieces, stays out.
 */
function isUnderStoryLine(page: Page, one: Contender): boolean {
  const placed = inOrder(page);
  const isIn = (ids: number[]) => (it: Placed) => ids.includes(it.contender.article_id);
  const head = placed.find((it) => !it.related_article_id && isIn([...one.close, ...one.related])(it));
  if (head) {
    const id = head.contender.article_id;
    page.placed.set(id, { ...head, related_article_id: one.article_id });
    leave(page, one, 'more_link', `linked under “${head.contender.headline}”`, id);
    return true;
  }
  const close = placed.find(isIn(one.close));
  if (close) {
    leave(
      page,
      one,
      'too_close',
      `nearly the same as “${close.contender.headline}”`,
      close.contender.article_id,
    );
    return true;
  }
  const [first, ...others] = placed.filter(isIn(one.line));
  if (!first || 1 + others.length < PER_STORY_LINE) return false;
  const detail = `${1 + others.length} other pieces of its story line are placed`;
  leave(page, one, 'story_line', detail, first.contender.article_id);
  return true;
}

const isSettled = (page: Page, { article_id }: Contender): boolean =>
  page.placed.has(article_id) || page.left.has(article_id);

/** What a story must score to be taken beyond the target. */
function worthOf(page: Page): number {
  const scores = [...list(page, 'lead'), ...list(page, 'top')].map(({ contender }) => contender.score);
  const middle = scores.reduce((sum, score) => sum + score, 0) / (scores.length || 1);
  return Math.round(middle * WORTH * 10) / 10;
}

function sectionRoom({ limits, placed }: Page): number {
  const above = [...placed.values()].filter(({ place }) => place === 'lead' || place === 'top').length;
  return Math.ceil((limits.max_items - above) * SECTION_SHARE);
}

const list = (page: Page, wanted: Place): Placed[] =>
  [...page.placed.values()].filter(({ place }) => place === wanted);

function put(page: Page, contender: Contender, place: Place, why: string): void {
  page.left.delete(contender.article_id);
  page.placed.set(contender.article_id, { contender, place, why, related_article_id: null });
}

function leave(
  page: Page,
  contender: Contender,
  reason: string,
  detail: string,
  under: number | null = null,
): void {
  page.left.set(contender.article_id, { contender, reason, detail, under });
}

/** The order of the page: lead, top, the sections in theirs, briefs; within each as they were placed. */
function inOrder(page: Page): Placed[] {
  const places: Place[] = ['lead', 'top', 'section', 'brief'];
  const rank = ({ place, contender }: Placed): number =>
    places.indexOf(place) * 1000 +
    (place === 'section' ? page.limits.sections.findIndex(({ id }) => id === contender.section_id) : 0);
  return [...page.placed.values()].sort((a, b) => rank(a) - rank(b));
}

const byRank = (a: Contender, b: Contender): number => (a.pinned?.rank ?? 0) - (b.pinned?.rank ?? 0);

const byScore = (a: Contender, b: Contender): number =>
  b.score - a.score ||
  Temporal.Instant.compare(a.first_published_at, b.first_published_at) ||
  a.article_id - b.article_id;
