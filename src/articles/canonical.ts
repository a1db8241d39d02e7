import { invalid } from '../errors.ts';

/** Longer than any address that browsers and servers agree on, and than Postgres takes into an index. */
const MAX_LENGTH = 2_000;
/** Parameters that say where a reader came from, not what is read. */
const TRACKING =
  /^(utm_.*|at_.*|ns_.*|pk_.*|mtm_.*|hsa_.*|_hs.*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mkt_tok|vero_id|oly_(anon|enc)_id|_ga|_gl|ref|ref_src|ref_url|referrer|cmpid|cmp|ncid|cid|icid|intcid|ocid|s_cid|smid|smtyp|ftag|ito|xtor|wt_mc|guccounter|guce_referrer|guce_referrer_sig|source|partner|spm|share|sh|taid|recirc|__twitter_impression|amp|_amp|amp_js_v|amp_gsa|usqp|mobile)$/i;
/** Parameters that ask for the AMP page only with this value. */
const AMP_VALUE = /^(output|outputtype|format|view)=amp$/i;
const OTHER_FORM_HOST = /^(www\d?|amp|m|mobile)\.(?=[^.]+\.[^.])/;
const AMP_CACHE = /^([a-z0-9-]+)\.cdn\.ampproject\.org$/;

/**
 * The address of a story without what differs between two ways to the same page: scheme, `www.`, AMP and mobile forms,
 * tracking, fragment, order of parameters. Two articles with the same key are one story; the key of a key is itself.
 * Throws `invalid` for what is no http or https address.
 */
export function storyKey(address: string): string {
  const url = unwrapAmpCache(webAddress(address));
  const key = new URL(`https://${hostOf(url)}${url.port === '80' ? '' : portOf(url)}${pathOf(url)}`);
  key.search = queryOf(url);
  return key.href;
}

/** A number this long in the path is the site's own for one article, unless it reads as a date. */
const ARTICLE_NUMBER = /(?<!\d)(?!(?:19|20)\d{6}(?!\d))\d{7,}(?!\d)/g;

/**
 * The site and the article's number in the path of a story key, such as `npr.org 1165527249`: it stays when a headline
 * is rewritten and the address with it. Null where the path has none, or more than one.
 */
export function articleNumber(key: string): string | null {
  const { hostname, pathname } = new URL(key);
  const [number, ...others] = pathname.match(ARTICLE_NUMBER) ?? [];
  return number && others.length === 0 ? `${hostname} ${number}` : null;
}

function webAddress(address: string): URL {
  const url = URL.parse(address.trim());
  if (url && /^https?:$/.test(url.protocol) && url.hostname && url.href.length <= MAX_LENGTH) return url;
  throw invalid(`"${address.slice(0, 200)}" is no address of a page; an http or https URL was expected`);
}

/** The publisher's own address where the page is served from Google's cache of AMP pages. */
function unwrapAmpCache(url: URL): URL {
  const cached = AMP_CACHE.test(url.hostname)
    ? /^\/[a-z]\/(?:s\/)?(.+)$/.exec(url.pathname)?.[1]
    : /^(www\.)?google\.[a-z.]+$/.test(url.hostname)
      ? /^\/amp\/(?:s\/)?([^/]+\..+)$/.exec(url.pathname)?.[1]
      : undefined;
  return (cached && URL.parse(`https://${cached}${url.search}`)) || url;
}

function hostOf(url: URL): string {
  const host = url.hostname.replace(/\.+$/, '');
  const stripped = host.replace(OTHER_FORM_HOST, '');
  return stripped === host ? host : hostOf(new URL(`https://${stripped}`));
}

const portOf = (url: URL): string => (url.port === '' || url.port === '443' ? '' : `:${url.port}`);

function pathOf(url: URL): string {
  let path = url.pathname;
  for (let before = ''; before !== path; ) {
    before = path;
    path = plainEscapes(path)
      .replace(/;jsessionid=[^/]*/i, '')
      .replace(/\/{2,}/g, '/')
      .replace(/^\/amp\/(?=.)/, '/')
      .replace(/\/$/, '')
      .replace(/\/(amp|index\.(html?|php|aspx?)|amp\.html)$/i, '')
      .replace(/\.amp(\.html?)?$/i, '$1');
  }
  return path === '' ? '/' : path;
}

/** `%7E` and `~` are one character; of what must stay escaped, the hexadecimal digits are upper case (RFC 3986 §6.2.2). */
function plainEscapes(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
  });
}

/** What is left of the parameters, sorted; feeds that escape twice give names such as `amp;utm_source`. */
function queryOf(url: URL): string {
  const kept = [...url.searchParams]
    .map(([name, value]) => [name.replace(/^(amp;)+/, ''), value] as const)
    .filter(([name, value]) => name !== '' && !TRACKING.test(name) && !AMP_VALUE.test(`${name}=${value}`))
    .map(([name, value]) => new URLSearchParams([[name, value]]).toString());
  return kept.sort().join('&');
}
