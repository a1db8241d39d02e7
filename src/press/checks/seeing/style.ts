/** What a rule, or a style attribute, says of one property. */
export type Declaration = { property: string; value: string; important: boolean };
/** A rule of a style sheet for one selector, with its weight against others. */
export type Rule = { selector: string; weight: number; declarations: Declaration[] };

/** An `@media` block with rules in it, or a rule by itself. */
const BLOCK = /@media([^{]*)\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}|([^{}@]+)\{([^{}]*)\}/g;
const DARK = /prefers-color-scheme:\s*dark/;
/** Attributes and states of single mail programs are not followed. */
const FOLLOWED = /^[\w\s.,>*-]+$/;

/** The rules of a style sheet that count everywhere, and in the dark those for it; widths of screens are not looked at. */
export function rulesOf(css: string, { dark }: { dark: boolean }): Rule[] {
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, '');
  return [...bare.matchAll(BLOCK)].flatMap(([, media, inner, selectors, body]) => {
    if (media !== undefined) return dark && DARK.test(media) ? rulesOf(inner as string, { dark }) : [];
    const declarations = declarationsOf(body as string);
    return (selectors as string)
      .split(',')
      .map((selector) => selector.trim())
      .filter((selector) => FOLLOWED.test(selector))
      .map((selector) => ({ selector, weight: weightOf(selector), declarations }));
  });
}

/** The declarations of a rule or of a style attribute, in order. */
export const declarationsOf = (text: string): Declaration[] =>
  text.split(';').flatMap((one) => {
    const [, property, value] = /^\s*([\w-]+)\s*:\s*([\s\S]*?)\s*$/.exec(one) ?? [];
    if (!property || !value) return [];
    const important = /!\s*important$/i.test(value);
    return [{ property: property.toLowerCase(), value: value.replace(/\s*!\s*important$/i, ''), important }];
  });

/** Classes before names of elements (CSS Cascade §6.4, as far as our templates go). */
const weightOf = (selector: string): number =>
  (selector.match(/\./g)?.length ?? 0) * 1000 + (selector.match(/(?:^|[\s>])[a-z]/gi)?.length ?? 0);
