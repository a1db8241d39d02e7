import { fillPlate, type PlateVariant } from '../../messages/plate.ts';
import { type Checked, type Finding, SAMPLE } from './finding.ts';
import { contrastOf, hexOf } from './seeing/colour.ts';
import { type Shown, shownText } from './seeing/shown-text.ts';

/** WCAG 2.2, 1.4.3: large is 24 px, or 18.66 px in bold. */
const WANTED = { plain: 4.5, large: 3 };
const LARGE = { plain: 24, bold: 18.66 };
const SMALLEST_PX = 14;
/** So many words are cited. */
const CITED = 40;

/** P15: words are read against their ground, in the light and in the dark, and are not too small. The strip at the top shows all there is. */
export function checkContrast({ plates }: Checked): Finding[] {
  const of = (wanted: PlateVariant) => plates.find(({ variant }) => variant === wanted);
  const plate = of('strip-top') ?? of('plain');
  if (!plate) return [];
  const { light, dark } = shownText(fillPlate(plate, SAMPLE).html);
  return [...faint(light, ''), ...faint(dark, ' in the dark'), ...small(light)];
}

/** The first words of each pair of colours that is too faint. */
function faint(shown: Shown[], where: string): Finding[] {
  const pairs = new Map(
    shown.toReversed().map((one) => [`${one.colour} ${one.ground} ${isLarge(one)}`, one]),
  );
  return pairs
    .values()
    .flatMap((one): Finding[] => {
      const [ratio, wanted] = [
        contrastOf(one.colour, one.ground),
        isLarge(one) ? WANTED.large : WANTED.plain,
      ];
      if (ratio >= wanted) return [];
      const colours = `${hexOf(one.colour)} on ${hexOf(one.ground)}`;
      const says = `“${cite(one)}” stands${where} in ${colours}, a contrast of ${ratio.toFixed(1)}; ${wanted} expected`;
      return [{ check: 'P15', level: 'hold', says }];
    })
    .toArray();
}

function small(shown: Shown[]): Finding[] {
  const sizes = new Map(shown.toReversed().map((one) => [one.px, one]));
  return sizes
    .values()
    .filter(({ px }) => px < SMALLEST_PX)
    .map((one): Finding => {
      const says = `“${cite(one)}” stands in ${one.px} px; ${SMALLEST_PX} or more is better`;
      return { check: 'P15', level: 'warn', says };
    })
    .toArray();
}

const isLarge = ({ px, bold }: Shown): boolean => px >= (bold ? LARGE.bold : LARGE.plain);
const cite = ({ words }: Shown): string => (words.length > CITED ? `${words.slice(0, CITED)}…` : words);
