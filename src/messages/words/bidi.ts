type Direction = 'ltr' | 'rtl';
/** A stretch of words. `dir` and `lang` are null where they are the publication's own. */
type Run = { text: string; dir: Direction | null; lang: string | null };
/** Words ready for a template: as runs for markup, and as plain text with isolates. */
export type Words = { runs: Run[]; text: string };
/** What the words stand in (the publication), and their own language where it is another. */
export type Setting = { lang: string; dir: Direction; own_lang?: string | null };

const RTL =
  '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Samaritan}\\p{Script=Mandaic}\\p{Script=Adlam}\\p{Script=Hanifi_Rohingya}\\p{Script=Mende_Kikakui}';
/** Letters and marks alone are strong: the digits and signs of these scripts are not. */
const STRONG_RTL = `(?=[\\p{L}\\p{M}])[${RTL}]`;
const STRONG_LTR = `(?![${RTL}])\\p{L}`;
/** From the first strong letter to the last one, or the digits after it, before a letter of the other direction. */
const RUN: Record<Direction, RegExp> = {
  rtl: new RegExp(`${STRONG_RTL}(?:(?:(?!${STRONG_LTR}).)*(?:${STRONG_RTL}|\\p{Nd}))?\\p{M}*`, 'gsu'),
  ltr: new RegExp(`${STRONG_LTR}(?:(?:(?!${STRONG_RTL}).)*(?:${STRONG_LTR}|\\p{Nd}))?\\p{M}*`, 'gsu'),
};
const STRONG: Record<Direction, RegExp> = {
  rtl: new RegExp(STRONG_RTL, 'u'),
  ltr: new RegExp(STRONG_LTR, 'u'),
};
/** Languages told by their letters, the first that fits; for a voice that reads aloud. */
const LANGUAGES: [RegExp, string][] = [
  [/\p{Script=Hebrew}/u, 'he'],
  [/[ٹڈڑںےہھ]/u, 'ur'],
  [/[پچژگ]/u, 'fa'],
  [/\p{Script=Arabic}/u, 'ar'],
];
const RTL_LANGUAGES = /^(ar|he|fa|ur|ps|ckb|sd|ug|yi|dv|syr)\b/i;
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/**
 * Splits words into runs, those of another direction or language than their setting marked, so that each can be
 * wrapped in a span inside its link (`bdi` fails in Gmail and Outlook). Digits after a run belong to it, as in the
 * Unicode Bidirectional Algorithm. The runs put together are the words, but for formatting characters that would
 * leak out of them.
 */
export function words(text: string, setting: Setting): Words {
  const runs = runsOf(withoutLeaks(text), setting);
  const plain = runs.map((run) => (run.dir === null ? run.text : `${ISOLATE}${run.text}${END_ISOLATE}`));
  return { runs, text: foldSpace(plain.join('')) };
}

/** One line of plain text: every stretch of white space but the no-break space becomes one space; no control characters. */
export function foldSpace(text: string): string {
  return withoutControls(text)
    .replace(/[\t-\r \u0085\u2028\u2029]+/g, ' ')
    .trim();
}

function runsOf(text: string, setting: Setting): Run[] {
  const other: Direction = setting.dir === 'ltr' ? 'rtl' : 'ltr';
  const lang = ownLanguage(setting);
  if (!STRONG[other].test(text)) return [{ text, dir: null, lang }];
  if (!STRONG[setting.dir].test(text))
    return [{ text, dir: other, lang: languageOf(text, other, setting, lang) }];
  const runs: Run[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(RUN[other])) {
    if (index > end) runs.push({ text: text.slice(end, index), dir: null, lang });
    runs.push({ text: found, dir: other, lang: languageOf(found, other, setting, lang) });
    end = index + found.length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), dir: null, lang });
  return runs;
}

/** The words' own language where it is not that of the publication: "en-GB" in "en" is no other language. */
function ownLanguage({ lang, own_lang }: Setting): string | null {
  if (!own_lang) return null;
  return primary(own_lang) === primary(lang) ? null : own_lang;
}

function languageOf(text: string, dir: Direction, setting: Setting, own: string | null): string | null {
  if (own && RTL_LANGUAGES.test(own) === (dir === 'rtl')) return own;
  if (dir === 'ltr') return RTL_LANGUAGES.test(setting.lang) ? 'en' : null;
  return LANGUAGES.find(([letters]) => letters.test(text))?.[1] ?? null;
}

const primary = (tag: string): string => (tag.split('-')[0] as string).toLowerCase();

/** Overrides are never kept; other direction marks are dropped where one of them is left open or closes nothing. */
function withoutLeaks(text: string): string {
  const kept = withoutControls(text).replace(/[\u202D\u202E]/g, '');
  return balanced(kept) ? kept : kept.replace(/[\u202A-\u202C\u2066-\u2069]/g, '');
}

function withoutControls(text: string): string {
  return text.toWellFormed().replace(/(?![\s\u0085])\p{Cc}/gu, '');
}

function balanced(text: string): boolean {
  const open: string[] = [];
  for (const [mark] of text.matchAll(/[\u202A-\u202C\u2066-\u2069]/g)) {
    if (mark !== '\u202C' && mark !== END_ISOLATE) open.push(mark < '\u202D' ? '\u202C' : END_ISOLATE);
    else if (open.pop() !== mark) return false;
  }
  return open.length === 0;
}
