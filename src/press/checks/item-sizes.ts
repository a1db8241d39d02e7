import { type EditionModel, itemsOf } from '../../editions/model.ts';
import { fillPlate, type Plate } from '../../messages/plate.ts';
import { escapeMarkup } from '../../messages/words/escape.ts';
import { SAMPLE } from './finding.ts';

/**
 * How many bytes of the mail's HTML each story takes, by article: from where its first link stands to where that of the next one
 * does; the last one ends where its own last link stands.
 */
export function itemSizes(plate: Plate, model: EditionModel): Map<number, number> {
  const html = Buffer.from(fillPlate(plate, SAMPLE).html);
  const found = itemsOf(model)
    .map(({ article_id, url }) => {
      const link = `href="${escapeMarkup(URL.canParse(url) ? new URL(url).href : url)}"`;
      return { article_id, from: html.indexOf(link), to: html.lastIndexOf(link) + link.length };
    })
    .filter(({ from }) => from !== -1)
    .sort((a, b) => a.from - b.from);
  return new Map(
    found.map(({ article_id, from, to }, at) => [
      article_id,
      (found[at + 1]?.from ?? Math.max(to, from)) - from,
    ]),
  );
}
