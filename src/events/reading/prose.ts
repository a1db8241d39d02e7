import { type Header, parseHeader } from './header.ts';

/** A report in a server's own words, cut where the mail that came back begins. */
export type Prose = { told: string; original: Header };

/** How servers mark the beginning of the mail they send back. */
const BELOW =
  /^[> \t]{0,40}(?:[-=*|_#~ ]{2,}[^\n]{0,20}\b(?:original|copy|returned|unsent|below|enclosed|undelivered|message (?:text|header|headers)|header|headers)\b[^\n]{0,60}|(?:the )?original message(?: headers?| follows?)?\b[^\n]{0,30}(?:follows?\.?|headers:|:)|message headers follow\.?|below (?:is a copy|this line)[^\n]{0,60}|received:[ \t]?(?:from|by)\b[^\n]*|return-path:[ \t]*<?[^\n]*|-{2,}[ \t]*(?:元のメール|original|オリジナル)[^\n]*)$/im;

/** Splits text into what is told and the header of the mail that came back, which is empty where none is shown. */
export function readProse(text: string): Prose {
  const cut = BELOW.exec(text);
  if (!cut) return { told: text, original: [] };
  const own = /^[> \t]{0,40}(?:received|return-path):/i.test(cut[0]) ? cut.index : cut.index + cut[0].length;
  const rest = text
    .slice(own)
    .replace(/^[>\s]+/, '')
    .replace(/^> ?/gm, '');
  return {
    told: text.slice(0, cut.index),
    original: parseHeader(rest.slice(0, 20_000).split(/\n\s*\n/)[0] as string),
  };
}

const ADDRESS = '"?[^\\s<>()\\[\\],;:"|*]{1,120}"?@[^\\s<>()\\[\\],;:"\'|*]{1,120}[^\\s<>()\\[\\],;:"\'.|*]';

/** Where a server names the recipients it speaks of, most certain first. */
const NAMED = [
  new RegExp(`^[> \\t]{0,40}(?:>>>|Sent <<<|In:)?\\s{0,20}RCPT TO:\\s{0,20}<?(${ADDRESS})>?`, 'gim'),
  new RegExp(`^[> \\t]{0,40}(?:[*•|-]+\\s{0,20})?<(${ADDRESS})>(?=\\s{0,20}(?::|$|\\(|\\.\\.\\.))`, 'gim'),
  new RegExp(`^[> \\t]{0,40}(?:[*•|-]+\\s{0,20})?(${ADDRESS})"?(?=[\\s:(\\[<]|$|\\.\\.\\.)`, 'gim'),
  new RegExp(
    `\\b(?:to|recipients?|address(?:ed to)?|for|errors|userid|attempts|user|mailbox is full|宛先|Empfänger|destinataire)\\b\\s{0,20}:?\\s{0,20}<?(${ADDRESS})>?`,
    'gim',
  ),
  new RegExp(`<?(${ADDRESS})>?`, 'gim'),
];

/** The recipients that a text speaks of, each with the words that stand with it. `not` are addresses of others. */
export function recipientsIn(told: string, not: string[]): { address: string; words: string }[] {
  const others = new Set(not.map((address) => address.toLowerCase()));
  for (const pattern of NAMED) {
    const found = new Map<string, string>();
    for (const match of told.matchAll(pattern)) {
      const address = (match[1] as string).replace(/^mailto:/i, '').replace(/^"(?=[^"]*$)/, '');
      const key = address.toLowerCase();
      const isOther =
        others.has(key) || /^(?:postmaster|mailer-daemon|support|abuse|help|hostmaster)@/.test(key);
      if (!isOther && !found.has(key) && found.size < 100) found.set(key, address);
    }
    const named = [...found.values()];
    if (named.length > 0)
      return named.map((address) => ({ address, words: wordsAbout(told, address, named) }));
  }
  return [];
}

/**
 * The lines that name this recipient, each with those after it up to a line that names another of `all`; everything
 * where there is no other.
 */
export function wordsAbout(told: string, address: string, all: string[]): string {
  const mine = address.toLowerCase();
  const others = all.map((one) => one.toLowerCase()).filter((other) => other !== mine);
  if (others.length === 0) return told;
  let inside = false;
  const lines = told.split('\n').filter((line) => {
    const low = line.toLowerCase();
    if (low.includes(mine)) inside = true;
    else if (low.includes('while talking to') || others.some((other) => low.includes(other))) inside = false;
    return inside;
  });
  return lines.join('\n');
}
