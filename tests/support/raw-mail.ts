/** A header field as it stands: its physical lines, its value unfolded. `name` in lower case. */
export type RawField = { name: string; lines: string[]; value: string };
/** A part of a multipart message, its body still encoded and decoded. */
export type RawPart = { type: string; charset: string; encoding: string; encoded: string; decoded: string };
/** A message taken apart from its bytes alone, by no library that might mend it on the way. One character a byte. */
export type RawMail = { head: string; body: string; fields: RawField[]; parts: RawPart[] };

/** Takes a message apart. A header line that is none is kept as a field without a name. */
export function readRaw(raw: Buffer): RawMail {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [head, body] = end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)];
  const fields = readFields(head);
  return { head, body, fields, parts: readParts(body, headerOf(fields, 'content-type')) };
}

/** The value of the first field of a name, or an empty text. */
export const headerOf = (fields: RawField[], name: string): string =>
  fields.find((field) => field.name === name)?.value ?? '';

function readFields(head: string): RawField[] {
  const fields: RawField[] = [];
  for (const line of head.split('\r\n')) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last.lines.push(line);
      last.value += line;
    } else {
      const [, name = '', value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/s.exec(line) ?? [];
      fields.push({ name: name.toLowerCase(), lines: [line], value });
    }
  }
  return fields;
}

function readParts(body: string, type: string): RawPart[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (!boundary) return [];
  return `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => {
      const { fields, body: encoded } = readRaw(Buffer.from(piece.replace(/^[ \t]*\r\n/, ''), 'latin1'));
      const [, kind = '', charset = ''] =
        /^([^;]+)(?:.*charset="?([^";\s]+))?/is.exec(headerOf(fields, 'content-type')) ?? [];
      const encoding = headerOf(fields, 'content-transfer-encoding').toLowerCase();
      return {
        type: kind.trim().toLowerCase(),
        charset,
        encoding,
        encoded,
        decoded: decode(encoded, encoding),
      };
    });
}

function decode(encoded: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(encoded, 'base64').toString();
  if (encoding !== 'quoted-printable') return Buffer.from(encoded, 'latin1').toString();
  const bytes = encoded
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
