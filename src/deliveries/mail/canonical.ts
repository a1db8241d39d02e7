/** A header field as it stands, folds included, without its last CRLF; `name` in lower case. */
export type Field = { name: string; line: string };

/** A message taken apart at its first empty line. Bytes are kept one to a character ("latin1"). */
export function splitMessage(raw: Buffer): { fields: Field[]; body: Buffer } {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.toString('latin1', 0, end === -1 ? raw.length : end);
  const fields = head
    .split(/\r\n(?![ \t])/)
    .filter((line) => line !== '')
    .map((line) => ({ name: fieldName(line), line }));
  return { fields, body: end === -1 ? Buffer.alloc(0) : raw.subarray(end + 4) };
}

/** The name of a field, in lower case. */
export const fieldName = (line: string): string => line.slice(0, line.indexOf(':')).trim().toLowerCase();

/** A field in relaxed form (RFC 6376 §3.4.2): name in lower case, unfolded, runs of blanks as one, none at the ends. */
export function relaxedField(line: string): string {
  const colon = line.indexOf(':');
  const value = line
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${fieldName(line)}:${value}`;
}

/** A body in relaxed form (RFC 6376 §3.4.4): runs of blanks as one, none at line ends, one CRLF at the end. */
export function canonicalBody(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/[ \t]+/g, ' ')
    .replace(/ (?=\r\n|$)/g, '')
    .replace(/(?:\r\n)+$/, '');
  return Buffer.from(text === '' ? '' : `${text}\r\n`, 'latin1');
}
