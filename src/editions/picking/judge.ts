import { collapse, compareAll, type Likeness } from '../../articles/collapse.ts';
import { prioritiesByOrder } from '../../articles/feed-order.ts';
import { noticeOf } from '../../articles/notice.ts';
import { type ScoreParts, type Standing, scoreOf, whyNotEligible } from '../../articles/rank.ts';
import { type PreparedStory, prepareStory, type Survey, surveyWindow } from '../../articles/same-story.ts';
import type { Section, SectionRule } from '../../publications/section.ts';
import { sectionOf } from '../../publications/section-of.ts';
import type { Contender, Place } from '../select.ts';
import { inWindow, type Window } from '../window.ts';
import { shortDate } from '../wording.ts';
import { noveltyOf } from './follow-up.ts';
import type { Candidate } from './gather.ts';
import type { Told } from './told.ts';

/** What is known beside the candidates when an edition is judged. */
export type Circumstances = {
  window: Window;
  press_at: Temporal.Instant;
  sections: Section[];
  rules: SectionRule[];
  /** The stories of the last five sent editions. */
  told: Told[];
  /** The articles that any earlier sent edition carried. */
  carried: Map<number, { edition_id: number; edition_on: Temporal.PlainDate; rev: number }>;
  pins: Map<number, Place>;
};
/** A candidate out of the running, and why. */
export type Out = {
  article_id: number;
  reason: string;
  detail: string;
  same_as_article_id: number | null;
  score: number | null;
  parts: ScoreParts | null;
};

/** Parts the candidates into those that contend for a place, scored, and those that are out, each with its reason. */
export function judge(
  candidates: Candidate[],
  known: Circumstances,
): { contenders: Contender[]; out: Out[] } {
  const out: Out[] = [];
  const standing: Candidate[] = [];
  for (const candidate of candidates) {
    const absence = known.pins.has(candidate.id) ? undefined : whyOut(candidate, known);
    if (absence) {
      out.push({ article_id: candidate.id, same_as_article_id: null, score: null, parts: null, ...absence });
    } else standing.push(candidate);
  }
  const scored = scoreAll(standing, known);
  const dropped = collapse(
    scored.map(({ candidate }) => candidate.story_key),
    scored.likeness,
  );
  const idOf = new Map(standing.map(({ id, story_key }) => [story_key, id]));
  const survey = surveyWithTold(
    scored.map(({ story }) => story),
    known.told,
  );
  const contenders: Contender[] = [];
  for (const { candidate, story, score, parts, contender } of scored) {
    const outAs = (reason: string, detail: string, same_as_article_id: number | null = null) =>
      out.push({ article_id: candidate.id, reason, detail, same_as_article_id, score, parts });
    const keeper = dropped.get(candidate.story_key);
    if (keeper) {
      const keptId = idOf.get(keeper.story_key) ?? null;
      const kept = standing.find(({ id }) => id === keptId);
      outAs('duplicate', `tells the same as “${kept?.headline}”: ${keeper.sameness.why}`, keptId);
      continue;
    }
    const pinned = known.pins.has(candidate.id);
    const novelty = noveltyOf({ ...candidate, priority: parts.priority, pinned, story }, known.told, survey);
    if (novelty.kind === 'old') outAs('told', novelty.why, novelty.prior.article_id);
    else if (novelty.kind === 'follow_up') {
      contenders.push({
        ...contender,
        follow_up: { edition_id: novelty.prior.edition_id, why: novelty.why },
      });
    } else contenders.push(contender);
  }
  return { contenders, out };
}

/** The candidates among the stories told before; one that was told itself stands once. */
function surveyWithTold(stories: PreparedStory[], told: Told[]): Survey {
  const all = new Map(
    [...told.map(({ story }) => story), ...stories].map((story) => [story.story_key, story]),
  );
  return surveyWindow([...all.values()]);
}

function whyOut(
  candidate: Candidate,
  { window, press_at, carried, told }: Circumstances,
): { reason: string; detail: string } | undefined {
  const earlier = carried.get(candidate.id);
  if (earlier && candidate.rev <= earlier.rev) {
    return { reason: 'told', detail: `told on ${shortDate(earlier.edition_on)}, unchanged since` };
  }
  if (earlier && !told.some(({ article_id }) => article_id === candidate.id)) {
    return { reason: 'told', detail: `told on ${shortDate(earlier.edition_on)}, too long ago for an update` };
  }
  if (!earlier && Temporal.Instant.compare(candidate.first_published_at, window.to) > 0) {
    return {
      reason: 'after_cutoff',
      detail: `published at ${candidate.first_published_at}, after the cutoff`,
    };
  }
  if (!earlier && !inWindow(window, candidate)) {
    return { reason: 'outside_window', detail: `published at ${candidate.first_published_at}` };
  }
  return whyNotEligible(candidate, press_at);
}

type Scored = {
  candidate: Candidate;
  story: PreparedStory;
  score: number;
  parts: ScoreParts;
  contender: Contender;
};

/** All candidates with their scores, best first; what they have in common hangs on the list. */
function scoreAll(candidates: Candidate[], known: Circumstances): Scored[] & { likeness: Likeness } {
  const stories = new Map(candidates.map((candidate) => [candidate.story_key, prepareStory(candidate)]));
  const survey = surveyWindow([...stories.values()]);
  const likeness = compareAll([...stories.values()], survey);
  const byKey = new Map(candidates.map((candidate) => [candidate.story_key, candidate]));
  const sections = new Map(
    candidates.map((candidate) => [candidate.id, sectionOf(candidate, known.sections, known.rules)]),
  );
  const ordered = prioritiesByOrder(candidates);
  const inSection = Map.groupBy(candidates, ({ id }) => sections.get(id)?.id ?? null);
  const scored = candidates.map((candidate) => {
    const section = sections.get(candidate.id);
    const rivals = inSection.get(section?.id ?? null)?.length ?? 1;
    const others = (map: Map<string, { story_key: string }[]>) =>
      (map.get(candidate.story_key) ?? []).map(({ story_key }) => byKey.get(story_key) as Candidate);
    const standing: Standing = {
      sources: new Set([candidate, ...others(likeness.same)].flatMap(feedsOf)).size,
      echo: survey.echo(stories.get(candidate.story_key) as PreparedStory),
      section_weight: section?.weight ?? 0,
      section_need: Math.min(1, (section?.cap ?? 1) / rivals),
    };
    const priority = candidate.priority ?? ordered.get(candidate.id) ?? null;
    const { score, parts } = scoreOf({ ...candidate, priority }, standing, { at: known.window.to });
    const contender: Contender = {
      article_id: candidate.id,
      headline: candidate.headline,
      byline: candidate.byline,
      section_id: section?.id ?? null,
      score,
      parts,
      first_published_at: candidate.first_published_at,
      image: usableImage(candidate),
      notice: noticeOf(candidate) !== undefined,
      pinned: known.pins.get(candidate.id) ?? null,
      follow_up: null,
      related: others(likeness.related).map(({ id }) => id),
      close: others(likeness.close).map(({ id }) => id),
      line: others(likeness.line).map(({ id }) => id),
    };
    const story = stories.get(candidate.story_key) as PreparedStory;
    return { candidate, story, score, parts, contender };
  });
  return Object.assign(scored.sort(byPinThenScore), { likeness });
}

const feedsOf = ({ feed_id, sighted_by }: Candidate): number[] =>
  feed_id === null ? sighted_by : [feed_id, ...sighted_by];

/** A lead's picture is shown 600 wide: a smaller or very flat one does not count. */
const usableImage = ({ image_url, image_width, image_height }: Candidate): boolean =>
  image_url !== null &&
  (image_width ?? 600) >= 600 &&
  (!image_width || !image_height || (image_width / image_height >= 1.2 && image_width / image_height <= 2.3));

const byPinThenScore = (a: Scored, b: Scored): number =>
  Number(b.contender.pinned !== null) - Number(a.contender.pinned !== null) ||
  b.score - a.score ||
  Temporal.Instant.compare(a.candidate.first_published_at, b.candidate.first_published_at) ||
  a.candidate.id - b.candidate.id;
