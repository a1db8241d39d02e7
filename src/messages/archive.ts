import type { EditionModel } from '../editions/model.ts';
import { editionView } from './edition-view.ts';
import { editionPage } from './render/template.ts';

/**
 * An edition as a page of the web: the HTML of one `<article class="edition">` with its own `h1`, to be put into the
 * layout of the site. Every class begins with `edition`. Throws `invalid` where a link of the model is none of the web.
 */
export function archivePage(model: EditionModel): string {
  return editionPage(editionView(model, 'plain'));
}
