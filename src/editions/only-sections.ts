import type { EditionModel } from './model.ts';

/** An edition as it is for readers who want these sections alone: the lead and the top stories are everybody's. */
export function onlySections(model: EditionModel, names: readonly string[]): EditionModel {
  return {
    ...model,
    sections: model.sections
      .map(({ name, items }) => ({ name, items: items.filter(({ section }) => names.includes(section)) }))
      .filter(({ items }) => items.length > 0),
    briefs: model.briefs.filter(({ section }) => section === '' || names.includes(section)),
  };
}
