/** A document as text, and the label of the charset it was read with. */
export type Decoded = { text: string; encoding: string };

type Guess = string | undefined;

/**
 * Turns the bytes of a feed into text. The charset is the one that RFC 3023 prefers (the answer's charset, the XML
 * prolog, the default of the media type), the byte order mark where the prolog only says "16 bits"; if the bytes are
 * not valid in it, the next of prolog, byte order mark, UTF-8 and windows-1252 that fits is used, so that a
 * mislabelled document is still read.
 */
export function decode(body: Uint8Array, contentType?: string | null): Decoded {
  const shape = shapeOf(body);
  const prolog = prologEncoding(body, shape);
  const http = contentType ?? '';
  const declared = preferred(http, prolog ?? shape);
  for (const label of [declared, prolog, shape, 'utf-8', 'windows-1252']) {
    const text = label && textIn(label, body);
    if (typeof text === 'string') return { text: mendControls(text), encoding: label as string };
  }
  throw new Error('unreachable: windows-1252 reads any bytes');
}

/** The charset of the media type by RFC 3023 §3: text/xml without one is us-ascii, whatever the document says. */
function preferred(contentType: string, inside: Guess): string {
  const charset = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (charset) return canonical(charset, inside);
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const asciiByDefault = /^text\/(xml|xml-external-parsed-entity|[\w.-]+\+xml)$/.test(mediaType);
  return asciiByDefault ? 'us-ascii' : (inside ?? 'utf-8');
}

const MARKS: [number[], string][] = [
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0, 0, 0, 0x3c], 'utf-32be'],
  [[0x3c, 0, 0, 0], 'utf-32le'],
  [[0, 0x3c, 0], 'utf-16be'],
  [[0x3c, 0], 'utf-16le'],
];

/** What a byte order mark, or the bytes of the first `<`, say about the charset. */
const shapeOf = (body: Uint8Array): Guess =>
  MARKS.find(([mark]) => mark.every((byte, at) => body[at] === byte))?.[1];

function prologEncoding(body: Uint8Array, shape: Guess): Guess {
  const start = textIn(shape ?? 'latin1', body.subarray(0, 1024), false) ?? '';
  const label = /^\ufeff?\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  return label && canonical(label.toLowerCase(), shape);
}

/** Names that leave the byte order open mean the one that is there; gb2312 is read as what it grew into. */
function canonical(label: string, shape: Guess): string {
  const wide = /^(cs)?(iso-10646-)?(utf[-_]?16|utf[-_]?32|ucs-?[24]|u16|u32|unicode)$/.test(label);
  if (wide) return shape ?? (/32|4$/.test(label) ? 'utf-32be' : 'utf-16be');
  return label === 'gb2312' ? 'gb18030' : label;
}

/** The bytes read as `label`, or undefined if there is no such charset or they are not valid in it. */
function textIn(label: string, body: Uint8Array, fatal = true): string | undefined {
  if (label === 'us-ascii' || label === 'ascii') {
    return fatal && body.some((byte) => byte > 127) ? undefined : new TextDecoder('latin1').decode(body);
  }
  if (/^utf[-_]?32/.test(label)) return utf32(body, label.endsWith('le'), fatal);
  try {
    return new TextDecoder(label, { fatal }).decode(body);
  } catch {
    return undefined;
  }
}

function utf32(body: Uint8Array, littleEndian: boolean, fatal: boolean): string | undefined {
  if (fatal && body.length % 4) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= body.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    if (point > 0x10ffff) return undefined;
    if (point !== 0xfeff || at > 0) parts.push(String.fromCodePoint(point));
  }
  return parts.join('');
}

const WINDOWS = [
  ...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at)),
];

/** Control characters of Latin-1 are windows-1252 letters in disguise; others have no place in XML, nor in a database. */
function mendControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u0080-\u009f]/g, (char) =>
    char < ' ' ? '' : (WINDOWS[char.charCodeAt(0) - 0x80] as string),
  );
}
