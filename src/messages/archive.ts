import type { EditionModel } from '../editions/model.ts';
import { editionView } from './edition-view.ts';
import { editionPage, editionStories } from './render/template.ts';

/**
 * An edition as a page of the web: the HTML of one `<article class="edition">` with its own `h1`, to be put into the
 * layout of the site. Every class begins with `edition`. Throws `invalid` where a link of the model is none of the web.
 */
export function archivePage(model: EditionModel): string {
  return editionPage(editionView(model, 'plain'));
}

/** All that an edition tells, without the head and foot of its page: HTML for who shows it in a frame of their own. Throws as `archivePage`. */
export function archiveStories(model: EditionModel): string {
  return editionStories(editionView(model, 'plain'));
}
