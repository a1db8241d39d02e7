import type { EditionModel, ModelItem } from '../../editions/model.ts';
import { webAddress } from '../../messages/words/web-address.ts';

/** A link of an edition that leads to a story, with where in the edition it stands. */
export type OutgoingLink = {
  url: string;
  article_id: number | null;
  place: 'lead' | 'top' | 'section' | 'brief' | 'related' | 'comment';
};

/**
 * The edition with each link that leads to a story as `replace` gives it. Pictures, our own pages (an earlier edition,
 * the archive), the newsroom's front and privacy page stay as they are. Throws `invalid` where a link is none of the
 * web.
 */
export function replaceLinks(model: EditionModel, replace: (link: OutgoingLink) => string): EditionModel {
  const inPlace =
    (place: OutgoingLink['place']) =>
    (item: ModelItem): ModelItem => {
      const { article_id, related } = item;
      const called = `article ${article_id} (${item.headline})`;
      return {
        ...item,
        url: replace({ url: webAddress(item.url, called), article_id, place }),
        related: related && {
          ...related,
          url: replace({
            url: webAddress(related.url, `${called}, related`),
            article_id: null,
            place: 'related',
          }),
        },
      };
    };
  const { lead, top, sections, briefs, comment } = model;
  return {
    ...model,
    lead: lead && inPlace('lead')(lead),
    top: top.map(inPlace('top')),
    sections: sections.map((section) => ({ ...section, items: section.items.map(inPlace('section')) })),
    briefs: briefs.map(inPlace('brief')),
    comment: comment && {
      ...comment,
      url: replace({
        url: webAddress(comment.url, `the comment by ${comment.author_name}`),
        article_id: null,
        place: 'comment',
      }),
    },
  };
}

/** Every address that the edition's story links lead to, once each, as it stands first. */
export function outgoingLinks(model: EditionModel): OutgoingLink[] {
  const found = new Map<string, OutgoingLink>();
  replaceLinks(model, (link) => {
    if (!found.has(link.url)) found.set(link.url, link);
    return link.url;
  });
  return [...found.values()];
}
