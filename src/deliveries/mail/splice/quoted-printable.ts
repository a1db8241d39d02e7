/** Room for the "=" of a soft break (RFC 2045 §6.7 rule 5: lines of at most 76). */
const LONGEST = 75;
/** A line that stands as it is: no "=", no blank, no dot to begin with. */
const PLAIN = /^(?!\.)[!-<>-~]{0,75}$/;
const HEX = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`);
const [BLANK, DOT, EQUALS, LETTER_F] = [0x20, 0x2e, 0x3d, 0x46];

/**
 * Text as quoted-printable (RFC 2045 §6.7) from column 0 on, its line breaks as CRLF, in a form that no server and no
 * canonicalisation of DKIM changes: no line begins with a dot or "From ", none ends with a blank, no two blanks meet,
 * no tab is left, so that relaxed and simple (RFC 6376 §3.4) are the same bytes. Lines have at most 75 characters: a
 * soft break may follow the last.
 */
export function quotedPrintable(text: string): string {
  return PLAIN.test(text)
    ? text
    : text
        .split(/\r\n?|\n/)
        .map(encodeLine)
        .join('\r\n');
}

function encodeLine(line: string): string {
  if (PLAIN.test(line)) return line;
  const bytes = Buffer.from(line);
  let out = '';
  let column = 0;
  let afterBlank = true; // a blank that begins a line is encoded too
  for (let place = 0; place < bytes.length; place++) {
    let token = tokenAt(bytes, place, afterBlank);
    if (column + token.length > LONGEST) {
      out += '=\r\n';
      column = 0;
      token = tokenAt(bytes, place, true);
    }
    if (column === 0) token = guarded(token, bytes, place);
    out += token;
    column += token.length;
    afterBlank = token === ' ';
  }
  return out;
}

function tokenAt(bytes: Buffer, place: number, afterBlank: boolean): string {
  const byte = bytes[place] as number;
  if (byte === BLANK) return afterBlank || place === bytes.length - 1 ? '=20' : ' ';
  return byte > BLANK && byte < 0x7f && byte !== EQUALS ? String.fromCharCode(byte) : (HEX[byte] as string);
}

/** What begins a line: a dot would be doubled in DATA (RFC 5321 §4.5.2), "From " quoted in mailboxes. */
function guarded(token: string, bytes: Buffer, place: number): string {
  if (token === '.') return HEX[DOT] as string;
  const isFrom = token === 'F' && bytes.toString('latin1', place, place + 5) === 'From ';
  return isFrom ? (HEX[LETTER_F] as string) : token;
}
