import { routes } from '../../routes.ts';

/** Any host will do: what leads to another than this is no path of ours. */
const HERE = 'http://here.invalid';

/**
 * The page of ours that somebody wanted before they signed in; null for none, and for what would lead elsewhere: another
 * site, or a path that a browser reads as one (`//evil.test`, `/\evil.test`).
 */
export function ownPath(text: string | null | undefined): string | null {
  if (!text || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return null;
  const url = URL.parse(text, HERE);
  return url?.origin === HERE && !url.pathname.startsWith('//') ? url.pathname + url.search : null;
}

/** `route` with the page to go on to after it, where there is one. */
export const withNext = (route: string, next: string | null): string =>
  next === null || next === routes.account ? route : `${route}?${new URLSearchParams({ next })}`;
