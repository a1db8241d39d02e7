import { invalid } from '../../errors.ts';

/** The address, absolute and escaped as URLs are. Throws `invalid` unless it is http or https: escaping HTML does not stop `javascript:`. */
export function webAddress(url: string, place: string): string {
  const parsed = URL.parse(url);
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.href;
  throw invalid(`${place}: ${JSON.stringify(url)} is no address of the web; expected http:// or https://`);
}
