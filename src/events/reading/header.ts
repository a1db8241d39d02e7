import { textOf } from './charset.ts';

/** The fields of a header in order, names in lower case, folds undone (RFC 5322 §2.2.3). */
export type Header = { name: string; value: string }[];

const MOST_FIELDS = 500;
const LONGEST_VALUE = 8_000;

/**
 * Reads fields up to the first empty line. A line that is no field and continues none is passed over, as is the
 * blank that some servers put before the colon. `block` is text of one character per byte.
 */
export function parseHeader(block: string): Header {
  const fields: Header = [];
  for (const line of block.split(/\r?\n|\r/)) {
    if (fields.length === MOST_FIELDS) break;
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last) {
      if (last.value.length < LONGEST_VALUE) last.value += ` ${line.trim()}`;
      continue;
    }
    const [, name, value] = /^([!-9;-~]{1,80})[ \t]*:(.*)$/.exec(line) ?? [];
    if (name) fields.push({ name: name.toLowerCase(), value: (value ?? '').trim().slice(0, LONGEST_VALUE) });
  }
  return fields;
}

/** The first value of a field; null where the header has none. */
export function fieldOf(header: Header, name: string): string | null {
  return header.find((field) => field.name === name)?.value ?? null;
}

/** Every value of a field, in order. */
export function fieldsOf(header: Header, name: string): string[] {
  return header.filter((field) => field.name === name).map(({ value }) => value);
}

/**
 * A value with its encoded words read (RFC 2047 §2), neighbours joined first as §6.2 asks, and with bare bytes beyond
 * ASCII read as text (RFC 6532).
 */
export function decodeWords(value: string): string {
  const isBytes = /[\x80-\xff]/.test(value) && !/[^\0-\xff]/.test(value);
  const text = isBytes ? textOf(Buffer.from(value, 'latin1')) : value;
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/(?:=\?[^?\s]{1,40}\?[bq]\?[^?\s]{0,2000}\?=)+/gi, (words) => wordsOf(words) ?? words);
}

function wordsOf(words: string): string | null {
  const parts = [...words.matchAll(/=\?([^?*]{1,40})(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi)];
  const charset = parts[0]?.[1];
  if (!charset) return null;
  const bytes = parts.map(([, , encoding, text]) =>
    /b/i.test(encoding as string)
      ? Buffer.from(text as string, 'base64')
      : Buffer.from(
          (text as string)
            .replaceAll('_', ' ')
            .replace(/=([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ),
  );
  return textOf(Buffer.concat(bytes), charset);
}

/** A media type with its parameters (RFC 2045 §5.1), both in lower case but for the parameters' values. */
export function parseMediaType(value: string | null): { type: string; params: Record<string, string> } {
  const text = value ?? '';
  const params: Record<string, string> = {};
  for (const [, name, quoted, plain] of text.matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;]+))/g)) {
    params[(name as string).toLowerCase()] = (quoted ?? plain) as string;
  }
  return { type: (text.split(';')[0] as string).trim().toLowerCase() || 'text/plain', params };
}

/** The addresses that a field names, without names, groups and comments; good enough for what machines write. */
export function addressesIn(value: string | null): string[] {
  return (
    (value ?? '').slice(0, LONGEST_VALUE).match(/[^\s<>()[\],;:"]{1,200}@[^\s<>()[\],;:"]{1,255}/g) ?? []
  );
}
