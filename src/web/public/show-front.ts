import { listPublicEditions, type PublicEdition } from '../../editions/archive.ts';
import { editionPath } from '../../editions/edition-path.ts';
import { itemsOf } from '../../editions/model.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { pricesLabel } from '../../messages/words/price.ts';
import { contactOf, type Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { findActiveOffer } from '../../trials/offer.ts';
import { listPlans } from '../../trials/paid/plan.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { scheduleWords } from '../words.ts';
import { termsOf } from './terms.ts';

/** A sign-up form as it was sent, with what is wrong with each field. */
export type Typed = {
  address: string;
  first_name: string;
  wrong: { address: string | null; first_name: string | null };
  /** Whom to write to instead, where no other spelling of the address would do. */
  contact?: string;
};

const BLANK: Typed = {
  address: '',
  first_name: '',
  wrong: { address: null, first_name: null },
};
/** How many headlines of the latest edition are shown beside its lead. */
const ALSO = 5;

/** The page of a newsletter; `typed` where its form comes back with something to mend. */
export async function showFront(c: Page, publication: Publication, typed?: Typed): Promise<Response> {
  const { db } = c.var.site;
  const { name, tagline } = publication;
  const [latest] = await listPublicEditions(db, publication.id, { limit: 1 });
  const offer = await findActiveOffer(db, publication.id);
  return show(c, 'front', {
    title: typed ? `Please look again · ${name}` : name,
    title_alone: true,
    at_front: true,
    publication,
    description: tagline,
    indexed: typed === undefined,
    status: typed ? 400 : 200,
    schedule: scheduleWords(publication),
    latest: latest ? latestOf(latest, publication) : null,
    offer: offer ? termsOf(offer) : null,
    prices: pricesLabel(await listPlans(db, publication.id)),
    plans_url: path(routes.plans, { slug: publication.slug }),
    form: formOf(publication, typed ?? BLANK),
    contact: contactOf(publication),
    group_url: path(routes.groupTrial, { slug: publication.slug }),
  });
}

function formOf({ slug }: Publication, typed: Typed) {
  const { address, first_name } = typed.wrong;
  return {
    action: path(routes.signUp, { slug }),
    trouble: address !== null || first_name !== null,
    focus_address: address !== null,
    contact: null,
    ...typed,
  };
}

function latestOf(edition: PublicEdition, { slug, lang }: Publication) {
  const { edition_on, model } = edition;
  const [first, ...rest] = itemsOf(model);
  return {
    url: editionPath(slug, edition),
    date_label: longDate(edition_on.toString(), lang),
    number: model.number,
    headline: first?.headline ?? model.subject,
    summary: first?.summary ?? '',
    byline: first?.byline ?? null,
    image: first?.image ?? null,
    also: rest.slice(0, ALSO).map(({ headline, section }) => ({ headline, section })),
    more: Math.max(0, rest.length - ALSO),
  };
}
