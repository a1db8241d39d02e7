import type { EditionModel, ModelItem } from '../model.ts';
import { shortDate } from '../wording.ts';
import type { Correction } from './correction.ts';

type Applied = Pick<Correction, 'article_id' | 'severity' | 'wrong' | 'right_words' | 'note' | 'at'>;

/**
 * An edition as the web tells it after these corrections: the right words in place of the wrong ones, and, but for a typo, a
 * note that says so with the date. `zone` is the publication's.
 */
export function correctModel(
  model: EditionModel,
  corrections: readonly Applied[],
  zone: string,
): EditionModel {
  return corrections.reduce((said, correction) => correctOne(said, correction, zone), model);
}

/** Whether an edition says these words, of a story or of itself. */
export const says = (
  model: EditionModel,
  { article_id, wrong }: Pick<Applied, 'article_id' | 'wrong'>,
): boolean =>
  JSON.stringify(model) !== JSON.stringify(withRightWords(model, { article_id, wrong, right_words: '' }));

function correctOne(model: EditionModel, correction: Applied, zone: string): EditionModel {
  const { article_id, severity, note, at } = correction;
  const mended = withRightWords(model, correction);
  if (severity === 'typo') return mended;
  const on = shortDate(at.toZonedDateTimeISO(zone).toPlainDate());
  const told = `${note} (${on})`;
  if (article_id === null) return { ...mended, corrected: [...(mended.corrected ?? []), told] };
  return eachItem(mended, (item) =>
    item.article_id === article_id ? { ...item, corrected: [...(item.corrected ?? []), told] } : item,
  );
}

function withRightWords(
  model: EditionModel,
  { article_id, wrong, right_words }: Pick<Applied, 'article_id' | 'wrong' | 'right_words'>,
): EditionModel {
  const mend = (text: string) => text.replaceAll(wrong, right_words);
  const mendOrNull = (text: string | null) => (text === null ? null : mend(text));
  const { subject, preheader, editors_line } = model;
  const whole = {
    ...model,
    subject: mend(subject),
    preheader: mend(preheader),
    editors_line: mendOrNull(editors_line),
  };
  if (article_id === null) return whole;
  return eachItem(whole, (item) =>
    item.article_id === article_id
      ? {
          ...item,
          headline: mend(item.headline),
          summary: mend(item.summary),
          byline: mendOrNull(item.byline),
          image: item.image && {
            ...item.image,
            alt: mend(item.image.alt),
            caption: mendOrNull(item.image.caption),
          },
        }
      : item,
  );
}

const eachItem = (model: EditionModel, change: (item: ModelItem) => ModelItem): EditionModel => ({
  ...model,
  lead: model.lead && change(model.lead),
  top: model.top.map(change),
  sections: model.sections.map((section) => ({ ...section, items: section.items.map(change) })),
  briefs: model.briefs.map(change),
});
