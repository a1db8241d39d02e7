import { fillPlate } from '../../messages/plate.ts';
import { type Checked, type Finding, SAMPLE } from './finding.ts';

/** Words of a link that tell nothing to who hears it alone. */
const EMPTY_WORDS = /^(click here|here|read more|more|link|this)$/i;

/** P15: what those need who hear the mail instead of seeing it. */
export function checkMarkup({ plates }: Checked): Finding[] {
  const [plate] = plates;
  if (!plate) return [];
  const { html } = fillPlate(plate, SAMPLE);
  const found = (level: Finding['level'], says: string): Finding[] => [{ check: 'P15', level, says }];
  const root = /<html\b[^>]*>/i.exec(html)?.[0] ?? '';
  const lang = /\blang="([^"]*)"/i.exec(root)?.[1] ?? '';
  const tables = html.match(/<table\b[^>]*>/gi) ?? [];
  const bare = tables.filter((tag) => !/\brole="/i.test(tag)).length;
  return [
    ...(lang === '' || lang === 'und' ? found('block', 'the mail does not say its language') : []),
    ...(/\bdir="(ltr|rtl)"/i.test(root) ? [] : found('block', 'the mail does not say its direction')),
    ...(bare > 0 ? found('block', `${bare} tables that only lay out have no role`) : []),
    ...headingFindings(html),
    ...linkFindings(html),
  ];
}

function headingFindings(html: string): Finding[] {
  const levels = [...html.matchAll(/<h([1-6])\b/gi)].map(([, level]) => Number(level));
  const skips = levels.some((level, at) => level > (levels[at - 1] ?? 0) + 1);
  return skips ? [{ check: 'P15', level: 'warn', says: 'a heading skips a level' }] : [];
}

function linkFindings(html: string): Finding[] {
  const words = [...html.matchAll(/<a\b[^>]*>([\s\S]*?)<\/a>/gi)].map(([, inner = '']) =>
    inner.replace(/<[^>]*>/g, '').trim(),
  );
  const empty = words.find((text) => EMPTY_WORDS.test(text));
  return empty === undefined ? [] : [{ check: 'P15', level: 'warn', says: `a link says only “${empty}”` }];
}
