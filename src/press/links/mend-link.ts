import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid, notFound } from '../../errors.ts';
import { webAddress } from '../../messages/words/web-address.ts';
import { routes } from '../../routes.ts';
import { type EditionLink, findEditionLink, leadElsewhere, listEditionLinks } from './edition-link.ts';

/** Who mends a link, when and why; `public_url` is where our own pages are. */
export type Mending = { now: Instant; actor: string; reason: string; public_url: string };

/**
 * Lets a stored link lead to `url` from now on, in all mails already sent, and notes it in the audit. Mending it to
 * where it leads already changes nothing. Throws `not_found` for an unknown link, and `invalid` without a reason and for
 * an address that is none of the web or is itself one of our redirects.
 */
export function mendLink(
  db: Db,
  linkId: number,
  url: string,
  { now, actor, reason, public_url }: Mending,
): Promise<void> {
  return inTransaction(db, async (trx) => {
    const leads_to = requireTarget(url, public_url);
    if (reason.trim() === '') throw invalid('a link is mended for a reason; none was given');
    const link = await findEditionLink(trx, linkId);
    if (!link) throw notFound(`no link ${linkId} of an edition`);
    if (link.leads_to === leads_to) return;
    await leadElsewhere(trx, linkId, leads_to);
    const detail = { url: link.url, from: link.leads_to, to: leads_to };
    await recordAudit(
      trx,
      { actor, verb: 'mend a link', subject: `edition ${link.edition_id}`, reason, detail },
      { now },
    );
  });
}

/**
 * The link of an edition that stands for `url`, or leads there since it was mended. Throws `not_found` naming what
 * there is, `conflict` where several links lead there, and `invalid` for what is no address of the web.
 */
export async function requireLinkTo(db: Db, editionId: number, url: string): Promise<EditionLink> {
  const links = await listEditionLinks(db, editionId);
  if (links.length === 0)
    throw notFound(
      'the mail of this edition leads to its stories directly; it can be mended where the publication has "links": "mendable" or "counted" before the press',
    );
  const address = webAddress(url, 'the link to mend');
  const named = links.find((link) => link.url === address);
  if (named) return named;
  const [leading, another] = links.filter(({ leads_to }) => leads_to === address);
  if (another)
    throw conflict(`several links lead to ${address}; name one by the address it was pressed with`);
  if (leading) return leading;
  throw notFound(
    `no link of this edition leads to ${address}; there is\n${links.map((link) => `  ${link.url}`).join('\n')}`,
  );
}

function requireTarget(url: string, publicUrl: string): string {
  const address = webAddress(url, 'the new address of a link');
  const redirects = publicUrl + routes.go.replace(':token', '');
  if (!address.startsWith(redirects)) return address;
  throw invalid(`${address} is a redirect of ours; a link leads to the story itself`);
}
