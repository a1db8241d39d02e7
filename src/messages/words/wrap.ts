const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;
const NOTHING = /^[\p{M}\p{Cf}\p{Cc}]+$/u;
/** Most text is this, and needs no looking up letter by letter. */
const ASCII = /^[ -~]*$/;
const ADDRESS = /^(https?:\/\/|mailto:)\S+$/;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The columns a text takes in a fixed-width font: two for East Asian letters and emoji, none for marks. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOf(segment);
  return width;
}

/**
 * Breaks the lines of a text at spaces so that none is wider than `columns`, and East Asian words, which have no
 * spaces, between letters. An address and a word of any other script are never broken, however long.
 * A line that opens with "* " goes on under its words.
 */
export function wrap(text: string, columns = 72): string {
  if (text.length <= columns && ASCII.test(text)) return text.trimEnd();
  return text
    .split('\n')
    .map((line) => wrapLine(line.trimEnd(), columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string {
  if (displayWidth(line) <= columns || ADDRESS.test(line)) return line;
  const indent = line.startsWith('* ') ? '  ' : '';
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const { text, glued } of line.split(' ').flatMap(piecesOf)) {
    const gap = current === '' || glued ? '' : ' ';
    const added = gap.length + displayWidth(text);
    if (current !== '' && width + added > columns) {
      lines.push(current);
      current = indent + text;
      width = displayWidth(current);
    } else {
      current += gap + text;
      width += added;
    }
  }
  return [...lines, current].join('\n');
}

/** A word, or the letters of an East Asian word each by itself; `glued` to what stands before it. */
function piecesOf(word: string): { text: string; glued: boolean }[] {
  if (ADDRESS.test(word) || !WIDE.test(word)) return [{ text: word, glued: false }];
  const pieces: { text: string; glued: boolean }[] = [];
  let wide = true;
  for (const { segment } of graphemes.segment(word)) {
    const last = pieces.at(-1);
    const isWide = WIDE.test(segment);
    if (last && (!(wide || isWide) || /^[\p{P}\p{M}\p{Cf}]/u.test(segment))) last.text += segment;
    else pieces.push({ text: segment, glued: last !== undefined });
    wide = isWide;
  }
  return pieces;
}

function widthOf(grapheme: string): number {
  if (NOTHING.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}
