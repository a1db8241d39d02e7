import { fillPlate } from '../../messages/plate.ts';
import { plainHtml } from './bare-text.ts';
import { type Checked, type Finding, SAMPLE } from './finding.ts';

/** What a template that went wrong leaves behind. */
const LEFTOVERS = [
  /\{\{|\}\}/,
  /\{%|%\}/,
  /%%/,
  /\*\||\|\*/,
  /\[\[|\]\]/,
  /\[object\b/,
  /\b(?:undefined|null|NaN)\b/,
  /\bLorem ipsum\b/i,
  /\bSLOT[0-9a-f]{6,}/,
];
/** Signs that the address of a machine, or of nobody, stands for ours. */
const NOBODYS = [/\bexample\.com\b/i, /\blocalhost\b/i];

/** P06: leftovers in what templates contribute. A story's own words may hold anything, so what they hold is passed over. */
export function checkLeftovers({ model, plates, profile }: Checked): Finding[] {
  const stories = textsIn(model).join('\n');
  const patterns = profile === 'production' ? [...LEFTOVERS, ...NOBODYS] : LEFTOVERS;
  const found = plates.flatMap((plate) => {
    const { subject, html, text } = fillPlate(plate, SAMPLE);
    const parts = { subject, preheader: plate.preheader, HTML: plainHtml(html), text };
    return Object.entries(parts).flatMap(([part, words]) =>
      patterns
        .map((pattern) => pattern.exec(words)?.[0])
        .filter((leftover) => leftover !== undefined && !stories.includes(leftover))
        .map((leftover) => `${leftover} is left over in the ${part} of ${plate.variant}`),
    );
  });
  return found.map((says) => ({ check: 'P06', level: 'block', says }));
}

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
