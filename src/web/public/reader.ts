import { findOnItsWay } from '../../deliveries/ledger/on-its-way.ts';
import { countRoundUpsOnTrial } from '../../deliveries/ledger/received.ts';
import { notFound } from '../../errors.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { findPause } from '../../subscribers/hold.ts';
import type { LinkPurpose } from '../../subscribers/link.ts';
import { requireSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import { audienceAt } from '../../trials/rights/decision.ts';
import { findTrial } from '../../trials/trial.ts';
import { linkTarget } from '../request/token.ts';
import type { Page } from '../site.ts';
import { type Standing, standingOf } from './standing.ts';

/** The reader a link was made for, and the newsletter it speaks of. */
export type Reader = { subscriber: Subscriber; publication: Publication };

/** Who stands behind the link in hand. Throws `not_found` for a link that is not ours, or a reader who is no more. */
export async function readerOf(c: Page, purpose: LinkPurpose): Promise<Reader> {
  const { db } = c.var.site;
  const target = linkTarget(c, purpose);
  const subscriber = await requireSubscriber(db, target.subject);
  if (subscriber.erased_at) throw notFound(`subscriber ${subscriber.id} is erased`);
  return { subscriber, publication: await requirePublication(db, target.publication) };
}

/** How the reader stands now. */
export async function readStanding(c: Page, { subscriber, publication }: Reader): Promise<Standing> {
  const { db, clock } = c.var.site;
  const now = clock.now();
  const reader = { subscriber_id: subscriber.id, publication_id: publication.id };
  const [trial, pause, decision, on_its_way] = await Promise.all([
    findTrial(db, reader),
    findPause(db, reader),
    audienceAt(db, publication.id, {
      at: now,
      kind: 'regular',
      among: [subscriber.id],
    }).executeTakeFirstOrThrow(),
    findOnItsWay(db, reader),
  ]);
  const resume_on = pause?.resume_on ?? null;
  const round_ups = trial ? await countRoundUpsOnTrial(db, trial) : 0;
  return standingOf({ decision, trial, publication, resume_on, now, on_its_way, round_ups });
}

/** The addresses of a reader's own pages. */
export function readerUrls(c: Page, { subscriber, publication }: Reader) {
  const { links } = c.var.site;
  const token = (purpose: LinkPurpose) =>
    links.token({ purpose, subject: subscriber.id, publication: publication.id });
  return {
    subscription_url: path(routes.subscription, { token: token('subscription') }),
    leave_url: path(routes.leave, { token: token('leave') }),
    rejoin_url: path(routes.rejoin, { token: token('leave') }),
  };
}
