import type { RawField, RawMail } from '../raw-mail.ts';

const LONGEST_LINE = 998;
const LONGEST_HEADER_LINE = 78;

/** M1, M2: the bytes of the lines. */
export function checkWire(raw: Buffer, { fields }: RawMail): string[] {
  const text = raw.toString('latin1');
  return [
    ...(/\r(?!\n)/.test(text) ? ['M1 a bare CR'] : []),
    ...(/(?<!\r)\n/.test(text) ? ['M1 a bare LF'] : []),
    ...(text.endsWith('\r\n') ? [] : ['M1 the last line does not end']),
    ...(text.split('\r\n').some((line) => line.length > LONGEST_LINE)
      ? [`M2 a line over ${LONGEST_LINE} bytes`]
      : []),
    ...fields.flatMap(longLines),
    ...fields.filter(({ name }) => name === '').map(({ lines }) => `M3 no header field: ${lines[0]}`),
  ];
}

/** A line may be longer only where it cannot be broken: a name and one piece, or one piece alone. */
function longLines({ lines }: RawField): string[] {
  return lines
    .filter(
      (line) =>
        line.length > LONGEST_HEADER_LINE && /\S[ \t]+\S/.test(line.replace(/^[\w-]+:[ \t]*/, '').trim()),
    )
    .map((line) => `M2 a header line of ${line.length} bytes that could be folded: ${line.slice(0, 40)}…`);
}
