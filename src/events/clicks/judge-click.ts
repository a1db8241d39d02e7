import type { Instant } from '../../db/schema/kinds.ts';

/** What a request for a link tells about who made it; headers that were not sent are null. */
export type Asked = {
  method: string;
  user_agent: string | null;
  purpose: string | null;
  sec_purpose: string | null;
  x_moz: string | null;
  sec_fetch_mode: string | null;
  sec_fetch_dest: string | null;
  /** Since the first message of the edition was accepted; null while none is known to be. */
  seconds_since_accepted: number | null;
};

/** Whether a person opened a link, and what says so. */
export type Judged =
  | { verdict: 'person'; reason: 'browser' }
  | {
      verdict: 'machine';
      reason:
        | 'not_a_get'
        | 'before_the_mail'
        | 'too_soon'
        | 'no_user_agent'
        | 'scanner'
        | 'program'
        | 'prefetch'
        | 'no_navigation';
    };

/** Nobody has received a mail, opened it, chosen a story and pressed on it in less. */
const SOONEST_SECONDS = 2;
/** Every browser that shows pages to people, inside apps too, begins its name so. */
const BROWSER = /^(?:Mozilla|Opera)\//;
/** What says openly (`Cubot` makes telephones) that it looks at links for others: scanners of mail, makers of link previews, search engines. */
const SCANNER =
  /(?<!cu)bot(?:\b|_)|crawl|spider|slurp|scan|preview|facebookexternalhit|whatsapp|proxy|safebrowsing|virustotal|barracuda|mimecast|proofpoint|trendmicro|ironport|symantec|fortinet|sophos|office-protocol-discovery|ms-office|microsoft office/i;
/** Programs that pass for a browser only halfway. */
const PROGRAM =
  /headless|phantomjs|puppeteer|playwright|selenium|python|curl|wget|libwww|http-?client|java\/|okhttp|axios|node-fetch|undici|go-http|winhttp|powershell/i;

/**
 * Judges one click by itself, from what its request says. A burst over many links is found later, over the clicks
 * stored (`burstsOf`). What imitates a browser well, and opens one link only, passes for a person.
 */
export function judgeClick(asked: Asked): Judged {
  const reason = whyMachine(asked);
  return reason ? { verdict: 'machine', reason } : { verdict: 'person', reason: 'browser' };
}

/** How long ago the first message was accepted, in seconds; null where none was, or it is noted to come later. */
export function secondsSince(first_accepted_at: Instant | null, now: Instant): number | null {
  if (first_accepted_at === null) return null;
  const seconds = now.since(first_accepted_at).total('seconds');
  return seconds < 0 ? null : seconds;
}

function whyMachine(asked: Asked): Extract<Judged, { verdict: 'machine' }>['reason'] | undefined {
  const { method, user_agent, seconds_since_accepted: seconds } = asked;
  if (method !== 'GET') return 'not_a_get';
  if (isPrefetch(asked)) return 'prefetch';
  if (user_agent === null || user_agent.trim() === '') return 'no_user_agent';
  if (SCANNER.test(user_agent)) return 'scanner';
  if (!BROWSER.test(user_agent) || PROGRAM.test(user_agent)) return 'program';
  if (!isNavigation(asked)) return 'no_navigation';
  if (seconds === null) return 'before_the_mail';
  return seconds < SOONEST_SECONDS ? 'too_soon' : undefined;
}

/** What a browser loads in case it is wanted later, and older spellings of it. */
function isPrefetch({ purpose, sec_purpose, x_moz }: Asked): boolean {
  return [purpose, sec_purpose, x_moz].some(
    (value) => value !== null && /prefetch|prerender|preview/i.test(value),
  );
}

/** Browsers that send fetch metadata say so when a page is opened as a page; those that do not, say nothing. */
function isNavigation({ sec_fetch_mode, sec_fetch_dest }: Asked): boolean {
  return (
    (sec_fetch_mode === null || sec_fetch_mode === 'navigate') &&
    (sec_fetch_dest === null || sec_fetch_dest === 'document')
  );
}
