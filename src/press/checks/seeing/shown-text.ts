import { linkedom } from '../../../parsers.ts';
import { type Colour, colourIn } from './colour.ts';
import { type Declaration, declarationsOf, rulesOf } from './style.ts';

/** Words of a mail as a reader sees them. */
export type Shown = { words: string; colour: Colour; ground: Colour; px: number; bold: boolean };

/** What an element hands on to those in it. */
type Look = Omit<Shown, 'words'> & { hidden: boolean };

const BARE: Look = { colour: [0, 0, 0], ground: [255, 255, 255], px: 16, bold: false, hidden: false };
const BOLD = ['B', 'STRONG', 'TH', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6'];
const UNSEEN = ['HEAD', 'STYLE', 'SCRIPT', 'TITLE'];
const TEXT = 3;
const ELEMENT = 1;

/**
 * Every run of words in a mail with the colour it has, the ground it stands on and its size, by the rules of its style
 * sheets and attributes. It knows what our templates use, and no more: no positions, pictures behind words, or units
 * but px.
 */
export function shownText(html: string): { light: Shown[]; dark: Shown[] } {
  const { document } = linkedom().parseHTML(html);
  const seen = (dark: boolean): Shown[] => {
    const rules = matched(document as unknown as Document, dark);
    const found: Shown[] = [];
    look(document.documentElement as unknown as Element, BARE, { rules, found });
    return found;
  };
  return { light: seen(false), dark: seen(true) };
}

type Matched = Map<Element, { declaration: Declaration; weight: number }[]>;

function matched(document: Document, dark: boolean): Matched {
  const rules: Matched = new Map();
  const sheets = [...document.querySelectorAll('style:not([media])')].map((style) => style.textContent ?? '');
  for (const { selector, weight, declarations } of sheets.flatMap((css) => rulesOf(css, { dark })))
    for (const element of document.querySelectorAll(selector))
      rules
        .getOrInsertComputed(element, () => [])
        .push(...declarations.map((declaration) => ({ declaration, weight })));
  return rules;
}

function look(element: Element, inherited: Look, seeing: { rules: Matched; found: Shown[] }): void {
  if (UNSEEN.includes(element.tagName)) return;
  const own = lookOf(element, inherited, seeing.rules);
  if (own.hidden) return;
  for (const node of element.childNodes) {
    if (node.nodeType === ELEMENT) look(node as Element, own, seeing);
    const words =
      node.nodeType === TEXT ? (node.textContent ?? '').replace(/(?:[\s\p{Cf}]|\u034F)+/gu, ' ').trim() : '';
    const { hidden, ...shown } = own;
    if (words !== '') seeing.found.push({ words, ...shown });
  }
}

/** Rules, then the element's own attribute, then rules that are important: the later and the weightier win. */
function lookOf(element: Element, inherited: Look, rules: Matched): Look {
  const of = (important: boolean) =>
    (rules.get(element) ?? [])
      .filter(({ declaration }) => declaration.important === important)
      .sort((a, b) => a.weight - b.weight)
      .map(({ declaration }) => declaration);
  const attribute = declarationsOf(element.getAttribute('style') ?? '');
  const start = BOLD.includes(element.tagName) ? { ...inherited, bold: true } : inherited;
  return [...of(false), ...attribute, ...of(true)].reduce(styled, start);
}

function styled(look: Look, { property, value }: Declaration): Look {
  switch (property) {
    case 'color':
      return { ...look, colour: colourIn(value) ?? look.colour };
    case 'background':
    case 'background-color':
      return { ...look, ground: colourIn(value) ?? look.ground };
    case 'font-size':
      return { ...look, px: pxIn(value) ?? look.px };
    case 'font-weight':
      return { ...look, bold: isBold(value) };
    case 'font':
      return { ...look, px: pxIn(value) ?? look.px, bold: isBold(value) };
    case 'display':
      return { ...look, hidden: value === 'none' };
    default:
      return look;
  }
}

const pxIn = (value: string): number | undefined => {
  const px = /(?:^|\s)([\d.]+)px/.exec(value)?.[1];
  return px === undefined ? undefined : Number(px);
};

const isBold = (value: string): boolean => /\b(bold|bolder|[6-9]00)\b/.test(value);
