const AGENCY =
  /\b(AP|AFP|EPA|UPI|DPA|PA|Getty|Reuters|Bloomberg|Shutterstock|Alamy|Sipa|Zuma|Xinhua|Corbis|iStock|Unsplash|Pool|Handout|Courtesy|File|Library of Congress)\b/;
const LABEL =
  /^(?:(?:photo|photograph|photographed|picture|image|illustration|graphic|foto|bild)s?\s*(?:credits?\s*)?(?:(?:by|via|from)\s+|[:：]\s*)|(?:credits?|courtesy|source|crédito|صورة|الصورة|تصویر|تصوير)\s*[:：]\s*|©\s*)/i;
/** Labels for the eye and for the ear, run together. */
const REPEATED = /^(?:Credits?\s*[:：]?\s*)+(?=\P{Ll})/u;
const WORD = String.raw`(?:\p{Lu}\.|[JS]r\.|[\p{L}\p{M}\d&'’_-]{1,40})`;
const NAME = String.raw`(?!\p{Ll})${WORD}(?:,?\s${WORD}){0,6}`;
/** In brackets at the end; after a full stop or bar, with a label or "Name/Agency". */
const IN_BRACKETS = /\s*[([]([^()[\]]{2,150})[)\]]\s*\.?$/u;
const LABELLED_END =
  /(?:^|[.!?…”"’|]\s*|\s[|–—-]\s)((?:photos?|photograph|picture|image|illustration|foto|bild|credits?|crédito|courtesy|صورة|الصورة|تصویر|تصوير)\s*(?:by\s|credit:|via\s|of\s|[:：])[^|]{2,120}|©[^|]{2,120})$/iu;
const SLASHED_END = new RegExp(String.raw`(?:^|[.!?…”"’|]\s*|\s[|–—-]\s)(${NAME}\s?/\s?${NAME})\.?$`, 'u');
const LONGEST = 2_000;

/** Divides "The Capitol at dusk. (Ann Reed/AP)" into what the photo shows and whose it is; each null where missing. */
export function splitCredit(text: string): { caption: string | null; credit: string | null } {
  const given = text.trim().slice(0, LONGEST);
  const bracketed = IN_BRACKETS.exec(given);
  const found =
    bracketed && isCredit(bracketed[1] as string)
      ? bracketed
      : (LABELLED_END.exec(given) ?? SLASHED_END.exec(given));
  if (!found) return { caption: given || null, credit: null };
  const credit = found[1] as string;
  const before = given.slice(0, found.index + found[0].indexOf(credit) - (found === bracketed ? 1 : 0));
  return {
    caption: before.replace(/(\s+[|–—-]\s*|\s*\||[\s([]+)$/, '').trim() || null,
    credit: nameIn(credit),
  };
}

/** The name in a credit line: "Photo by Ann Reed/AP" is "Ann Reed/AP". */
export function nameIn(credit: string): string | null {
  return credit.trim().replace(REPEATED, '').replace(LABEL, '').trim().slice(0, 200) || null;
}

const isCredit = (text: string): boolean =>
  LABEL.test(text) || AGENCY.test(text) || text.includes('/') || /^(AP )?Photo\b/.test(text);
