import { collapse, compareAll, type Likeness } from '../../articles/alike/collapse.ts';
import {
  type PreparedStory,
  prepareStory,
  type Survey,
  surveyWindow,
} from '../../articles/alike/same-story.ts';
import { prioritiesByOrder } from '../../articles/ranking/feed-order.ts';
import { noticeOf } from '../../articles/ranking/notice.ts';
import { type ScoreParts, type Standing, scoreOf, whyNotEligible } from '../../articles/ranking/rank.ts';
import type { Section, SectionRule } from '../../publications/section.ts';
import { sectionOf } from '../../publications/section-of.ts';
import { shortDate } from '../wording.ts';
import { noveltyOf } from './follow-up.ts';
import type { Candidate } from './gather.ts';
import type { Contender, Pin } from './select.ts';
import type { Told } from './told.ts';
import { inWindow, type Window } from './window.ts';

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
  pins: Map<number, Pin>;
  /** Articles that an editor wants left out. */
  dropped: ReadonlySet<number>;
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
    // A pin opens the window, not an embargo, nor brings back what was withdrawn.
    const absence = known.pins.has(candidate.id)
      ? whyNotEligible(candidate, known.press_at)
      : whyOut(candidate, known);
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
  { window, press_at, carried, told, dropped }: Circumstances,
): { reason: string; detail: string } | undefined {
  if (dropped.has(candidate.id)) return { reason: 'dropped', detail: 'left out by an editor' };
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
  const stories = candidates.map(prepareStory);
  const survey = surveyWindow(stories);
  const likeness = compareAll(stories, survey);
  const sections = candidates.map((candidate) => sectionOf(candidate, known.sections, known.rules));
  const ordered = prioritiesByOrder(candidates);
  const byKey = new Map(candidates.map((candidate) => [candidate.story_key, candidate]));
  const scored = candidates.map((candidate, i) => {
    const [story, section] = [stories[i] as PreparedStory, sections[i]];
    const others = (kind: keyof Likeness): Candidate[] =>
      (likeness[kind].get(candidate.story_key) ?? []).map(
        ({ story_key }) => byKey.get(story_key) as Candidate,
      );
    const rivals = sections.filter((other) => other?.id === section?.id).length;
    const standing: Standing = {
      sources: new Set([candidate, ...others('same')].flatMap(feedsOf)).size,
      echo: survey.echo(story),
      section_weight: section?.weight ?? 0,
      section_need: Math.min(1, (section?.cap ?? 1) / rivals),
    };
    const priority = candidate.priority ?? ordered.get(candidate.id) ?? null;
    const { score, parts } = scoreOf({ ...candidate, priority }, standing, { at: known.window.to });
    const pinned = known.pins.get(candidate.id) ?? null;
    const section_id = pinned?.section_id ?? section?.id ?? null;
    const place = { section_id, pinned, score, parts };
    return { candidate, story, score, parts, contender: contenderOf(candidate, place, others) };
  });
  return Object.assign(scored.sort(byPinThenScore), { likeness });
}

function contenderOf(
  candidate: Candidate,
  place: Pick<Contender, 'section_id' | 'pinned' | 'score' | 'parts'>,
  others: (kind: keyof Likeness) => Candidate[],
): Contender {
  const ids = (kind: keyof Likeness): number[] => others(kind).map(({ id }) => id);
  return {
    article_id: candidate.id,
    headline: candidate.headline,
    byline: candidate.byline,
    first_published_at: candidate.first_published_at,
    image: usableImage(candidate),
    notice: noticeOf(candidate) !== undefined,
    follow_up: null,
    close: ids('close'),
    related: ids('related'),
    line: ids('line'),
    ...place,
  };
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
