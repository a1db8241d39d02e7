/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

const NAMED: Record<string, string> = { white: '#ffffff', black: '#000000' };

/** The colour that a CSS value begins with, where it is one of those we write: `#abc`, `#aabbcc`, white, black. */
export function colourIn(value: string): Colour | undefined {
  const [first = ''] = value.trim().toLowerCase().split(/\s+/);
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(NAMED[first] ?? first)?.[1];
  if (hex === undefined) return undefined;
  const digits = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const at = (place: number) => Number.parseInt(digits.slice(place, place + 2), 16);
  return [at(0), at(2), at(4)];
}

/** "#aabbcc". */
export const hexOf = (colour: Colour): string =>
  `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** How well one colour is read on the other, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
