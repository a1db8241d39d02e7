/** The longest answer looked at; servers keep a reply line under 512 octets (RFC 5321 §4.5.3.1.5). */
const LONGEST = 4_000;

/**
 * What a server said, made plain for comparing: lower case, one blank between words, straight quotes; without the
 * codes repeated on each line of a long reply, and without addresses and links, whose parts are no statement. A dot
 * within a word becomes `_`, so that every dot left ends a sentence.
 */
export function plainWords(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/\b[a-z]+:\/\/\S+/gi, ' ')
    .replace(/<?mailto:\S+/gi, ' ')
    .replace(/<?"?[^\s<>"(),;:[\]]{1,120}"?@[^\s<>(),;:[\]'"]{1,120}>?/g, ' ')
    .replace(/\bhost\s+\S+\s*(?:\[[^\]\s]*\]\s*)?(?:said|refused to talk to me)?:/gi, (words) =>
      /refused/i.test(words) ? 'refused to talk to me ' : ' ',
    )
    .replace(/\brecipient address rejected:/gi, ' ')
    .replace(/\(in reply to [^)]*\)/gi, ' ')
    .replace(/\[?(?:\d{1,3}\.){3}\d{1,3}\]?/g, ' ')
    .replace(/\b[245]\d\d[- ][245]\.\d{1,3}\.\d{1,3}\b/g, ' ')
    .replace(/\b[245]\d\d-/g, ' ')
    .replace(/[\u2018\u2019`]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\.(?=[^\s.])/g, '_')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}
