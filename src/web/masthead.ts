import { listPublications, type Publication } from '../publications/publication.ts';
import { path, routes } from '../routes.ts';
import type { Page } from './site.ts';

/** What the head and foot of a page say of its newsletter. */
export function mastheadOf(publication: Publication) {
  const { slug, name, tagline, postal_address, corrections_address, privacy_url } = publication;
  return {
    name,
    tagline,
    imprint: postal_address.startsWith(name) ? postal_address : `${name}, ${postal_address}`,
    corrections_address,
    privacy_url,
    home_url: path(routes.publication, { slug }),
    archive_url: path(routes.archive, { slug }),
    rss_url: path(routes.rssFeed, { slug }),
    json_feed_url: path(routes.jsonFeed, { slug }),
    trial_url: `${path(routes.publication, { slug })}#free-trial`,
    subscription_url: `${path(routes.publication, { slug })}#subscription`,
  };
}

/**
 * The newsletter of a site that has but one. Without a database there is none, yet the page of that very failure must
 * still be shown: so this never throws.
 */
export async function onlyPublication(c: Page): Promise<Publication | undefined> {
  const { db, log } = c.var.site;
  try {
    const all = await listPublications(db);
    return all.length === 1 ? all[0] : undefined;
  } catch (error) {
    log.error({ err: error, request_id: c.var.requestId }, 'no masthead');
    return undefined;
  }
}
