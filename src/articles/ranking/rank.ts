import { angleOf } from '../alike/same-story/angle.ts';
import { type Notice, noticeOf } from './notice.ts';

/** What ranking looks at of an article, beside its words. */
export type Rankable = {
  headline: string;
  summary: string;
  body_text: string;
  categories: string[];
  priority: number | null;
  first_published_at: Temporal.Instant;
  embargoed_until: Temporal.Instant | null;
  withdrawn_at: Temporal.Instant | null;
  no_digest: boolean;
};
/** What the window says of an article. */
export type Standing = {
  /** Independent feeds that carry the story. */
  sources: number;
  /** How much else is written of its story line: pieces, nearer ones counting more. */
  echo: number;
  /** The weight of its section, 0 to 1. */
  section_weight: number;
  /** 1 where its section has no more than it can hold, less where many compete. */
  section_need: number;
  /** Readers in the last 60 minutes and the section's 95th percentile; unknown where nobody counts. */
  readers?: { last_60m: number; p95: number } | undefined;
};
/** The points of DIGEST §4.3, and the priority behind them. */
export type ScoreParts = {
  priority: number;
  importance: number;
  freshness: number;
  engagement: number;
  enterprise: number;
  section_need: number;
  notice: number;
};
export type Absence = { reason: string; detail: string };

const HALF_LIFE_HOURS = 8;
/** Nothing is said of engagement before an article had so long, or so many readers, to show it. */
const ENGAGEMENT_MINUTES = 30;
const ENGAGEMENT_READERS = 50;
/** What an announcement loses: it stands behind every story, but a thin day may still carry it. */
const NOTICE_POINTS: Record<Notice, number> = {
  newsletter: -45,
  live: -35,
  gallery: -25,
  pastime: -40,
  opinion: -12,
};
const ENTERPRISE =
  /^exclusive\b|\bexclusive:|\bfirst on\b|\b(shared|told|obtained) exclusively\b|\b(documents|records|e-?mails) (obtained|reviewed) by\b|\binvestigation (finds|found|shows|reveals)\b/i;
/** A headline that gives somebody's words. */
const SPEAKS = /\b(says?|said|tells?|told)\b|^[^:]{3,30}: ['‘“"]|: ['‘“"].*['’”"]$/i;
/** A story line of so many pieces is the day's. */
const LOUDEST_ECHO = 16;

/** Why an article may not be carried at `press_at` whatever its worth (DIGEST §4.1), or undefined where it may. */
export function whyNotEligible(article: Rankable, press_at: Temporal.Instant): Absence | undefined {
  const after = (at: Temporal.Instant | null) => at !== null && Temporal.Instant.compare(at, press_at) > 0;
  if (article.withdrawn_at) return { reason: 'withdrawn', detail: 'the newsroom withdrew it' };
  if (article.no_digest) return { reason: 'no_digest', detail: 'marked as not for the digest' };
  if (after(article.embargoed_until)) {
    return { reason: 'embargoed', detail: `embargoed until ${article.embargoed_until}` };
  }
  if (after(article.first_published_at))
    return { reason: 'unpublished', detail: 'not published at press time' };
  if (!article.headline.trim()) return { reason: 'no_headline', detail: 'it has no headline' };
  if (!article.summary.trim() && !article.body_text.trim()) {
    return { reason: 'no_summary', detail: 'it has neither a summary nor a first paragraph' };
  }
  return undefined;
}

/**
 * The priority of an article, 0 to 4 (DIGEST §4.2): the newsroom's own where it gives one; else from how many
 * independent feeds carry the story, how much is written about it, and its section's weight. What merely explains a
 * story or reacts to it stands behind the piece that tells it.
 */
export function priorityOf(
  article: Pick<Rankable, 'priority' | 'headline' | 'summary'>,
  standing: Standing,
): number {
  if (article.priority !== null) return article.priority;
  // What everybody carries may be a curiosity: it counts the more, the more its section matters here.
  const carried = (0.6 + 1.2 * standing.section_weight) * (1 - 1 / Math.max(1, standing.sources));
  const written = Math.min(1, Math.log(1 + standing.echo) / Math.log(1 + LOUDEST_ECHO));
  const { explains, reacts } = angleOf(article);
  const talk = explains || reacts || SPEAKS.test(article.headline) ? 0.5 : 0;
  const sum = 0.1 + carried + 2.1 * written + 0.9 * standing.section_weight - talk;
  return Math.max(0, Math.min(4, sum));
}

/** The score of DIGEST §4.3, 0 to 100, and its parts. Engagement reorders; it never admits. */
export function scoreOf(
  article: Rankable,
  standing: Standing,
  { at }: { at: Temporal.Instant },
): { score: number; parts: ScoreParts } {
  const priority = priorityOf(article, standing);
  const hours = Math.max(0, at.since(article.first_published_at).total('hours'));
  const notice = noticeOf(article);
  const parts: ScoreParts = {
    priority: tenth(priority),
    importance: tenth((40 * priority) / 4),
    freshness: tenth(25 * 2 ** (-hours / HALF_LIFE_HOURS)),
    engagement: tenth(15 * engagementOf(standing, hours)),
    enterprise: ENTERPRISE.test(`${article.headline} ${article.summary}`) ? 10 : 0,
    section_need: tenth(10 * standing.section_weight * standing.section_need),
    notice: notice ? NOTICE_POINTS[notice] : 0,
  };
  const { importance, freshness, engagement, enterprise, section_need } = parts;
  const sum = importance + freshness + engagement + enterprise + section_need + parts.notice;
  return { score: tenth(Math.max(0, Math.min(100, sum))), parts };
}

function engagementOf({ readers }: Standing, hours: number): number {
  if (!readers || readers.p95 <= 0) return 0;
  if (hours * 60 < ENGAGEMENT_MINUTES && readers.last_60m < ENGAGEMENT_READERS) return 0;
  return Math.min(1, Math.log(1 + readers.last_60m) / Math.log(1 + readers.p95));
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
