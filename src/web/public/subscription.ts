import { Hono } from 'hono';
import { listReceived } from '../../deliveries/ledger/received.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Env } from '../site.ts';
import { readerOf, readerUrls, readStanding } from './reader.ts';

const RECEIVED_SHOWN = 30;

/** A reader's own page: how they stand, what they received, the way out. */
export const subscription = new Hono<Env>();

subscription.get(routes.subscription, async (c) => {
  const reader = await readerOf(c, 'subscription');
  const { subscriber, publication } = reader;
  const received = await listReceived(c.var.site.db, subscriber.id, publication.id, {
    limit: RECEIVED_SHOWN,
  });
  const standing = await readStanding(c, reader);
  return show(c, 'subscription', {
    title: 'My subscription',
    publication,
    address: subscriber.address,
    standing,
    is_subscriber: standing.is_subscriber === true,
    may_leave: standing.may === 'leave',
    may_rejoin: standing.may === 'rejoin',
    contact: publication.reply_to ?? publication.from_address,
    received: received.map(({ edition_on, subject }) => ({
      url: path(routes.edition, { slug: publication.slug, date: edition_on.toString() }),
      date: longDate(edition_on.toString(), publication.lang),
      subject,
    })),
    ...readerUrls(c, reader),
  });
});
