import type { Publication } from '../../publications/publication.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';

/**
 * Goes on to a page of the payment provider's: by a page of ours that does it by itself, since a form may lead to our own
 * pages alone (CSP `form-action`).
 */
export function goToProvider(c: Page, publication: Publication, url: string): Promise<Response> {
  c.header('refresh', `0;url=${url}`);
  return show(c, 'to-payment', { title: 'To the payment', publication, url });
}
