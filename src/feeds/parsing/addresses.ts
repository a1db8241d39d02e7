import { Parser } from 'htmlparser2';
import { escapeHtml, resolveReferences } from './entities.ts';

/** An address as it is if it is whole, else relative to `base`; null for none or nonsense. */
export function absolute(href: string | null | undefined, base: string): string | null {
  const given = href?.replace(/[\t\n\r]/g, '').trim();
  if (!given) return null;
  return URL.canParse(given) ? given : (URL.parse(given, base)?.href ?? null);
}

/** As `absolute`, for what a browser would open; null for any other scheme. */
export function webAddress(href: string | null | undefined, base: string): string | null {
  const address = absolute(href, base);
  return address && /^https?:/i.test(address) ? address : null;
}

/** The attributes of HTML that hold an address. */
const ADDRESSES = new Set(['href', 'src', 'cite', 'action', 'background', 'data', 'longdesc', 'poster']);

/** Whether this attribute holds an address; if so it is to be made absolute. */
export const holdsAddress = (attribute: string): boolean => ADDRESSES.has(attribute);

/** HTML with its relative addresses made absolute; all else is left as it stands, byte for byte. */
export function withAbsoluteAddresses(html: string, base: string): string {
  if (!/\s(href|src|cite|action|background|data|longdesc|poster)\s*=/i.test(html)) return html;
  const parts: string[] = [];
  let done = 0;
  const parser = new FlatParser(
    {
      onopentag(name, given) {
        const changed = Object.entries(given).some(
          ([key, value]) => holdsAddress(key) && !URL.canParse(resolveReferences(value).trim()),
        );
        if (!changed) return;
        const selfClosing = html[parser.endIndex - 1] === '/' ? ' /' : '';
        parts.push(
          html.slice(done, parser.startIndex),
          `<${name}${attributesOf(given, base)}${selfClosing}>`,
        );
        done = parser.endIndex + 1;
      },
    },
    { decodeEntities: false },
  );
  parser.end(html);
  return parts.join('') + html.slice(done);
}

/** Meets tags without keeping which are open: time in proportion to the length, however deep they stand. */
class FlatParser extends Parser {
  protected override isVoidElement(): boolean {
    return true;
  }
}

const attributesOf = (given: Record<string, string>, base: string): string =>
  Object.entries(given)
    .map(([key, raw]) => {
      const value = resolveReferences(raw);
      return ` ${key}="${escapeHtml(holdsAddress(key) ? (absolute(value, base) ?? value) : value)}"`;
    })
    .join('');
