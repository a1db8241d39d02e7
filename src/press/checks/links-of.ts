import { type EditionModel, itemsOf } from '../../editions/model.ts';

/** Every address that an edition leads to or shows, with where it stands, and of which story. */
export function linksOf(model: EditionModel): { url: string; place: string; article_id?: number }[] {
  const { site_url, privacy_url } = model.publication;
  return [
    { url: site_url, place: 'the site of the publication' },
    ...(privacy_url ? [{ url: privacy_url, place: 'the privacy page' }] : []),
    ...(model.comment ? [{ url: model.comment.url, place: 'the comment' }] : []),
    ...(model.sponsor ? [{ url: model.sponsor.url, place: 'the sponsor' }] : []),
    ...itemsOf(model).flatMap(({ url, image, related, prior_url, headline, article_id }) =>
      [url, image?.url, related?.url, prior_url].flatMap((one) =>
        one ? [{ url: one, place: headline, article_id }] : [],
      ),
    ),
  ];
}
