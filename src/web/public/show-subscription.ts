import { listReceived } from '../../deliveries/ledger/received.ts';
import { editionPath } from '../../editions/edition-path.ts';
import { dayLabel, longDate } from '../../messages/words/date-label.ts';
import { pricesLabel } from '../../messages/words/price.ts';
import { contactOf } from '../../publications/publication.ts';
import { listSections } from '../../publications/section.ts';
import { path, routes } from '../../routes.ts';
import { findPause } from '../../subscribers/hold.ts';
import { findPreferences } from '../../subscribers/preferences.ts';
import { listPlans } from '../../trials/paid/plan.ts';
import { daysToPause, LONGEST_PAUSE_DAYS } from '../../trials/pausing/pause.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { dayTime } from '../words.ts';
import { paymentForms } from './payment-form.ts';
import { preferencesForm } from './preferences-form.ts';
import { type Reader, readerUrls, readStanding } from './reader.ts';

const RECEIVED_SHOWN = 30;

/** What has just been done, as the page says it when it comes back. */
const DONE = {
  paused: 'Paused. A letter says until when.',
  resumed: 'Welcome back: the next edition comes to you again.',
  stopped: 'Nothing more is taken from your card. What is paid for still comes to you.',
  renewed: 'Your subscription goes on.',
  saved: 'Saved. It holds from the next edition on.',
  weekly: 'Saved. From now on the weekly round-up comes to you, and no daily edition.',
  daily: 'Saved. From now on every edition comes to you.',
};

/** What a form of the page comes back with, to be mended. */
type Wrong = {
  wrong_pause?: string | null;
  wrong_preferences?: string | null;
  wrong_payment?: string | null;
};

/** The page of a reader's subscription; `wrong` where a form of it comes back with something to mend. */
export async function showSubscription(
  c: Page,
  reader: Reader,
  { wrong_pause = null, wrong_preferences = null, wrong_payment = null }: Wrong = {},
): Promise<Response> {
  const { subscriber, publication } = reader;
  const { db } = c.var.site;
  const received = await listReceived(db, subscriber.id, publication.id, { limit: RECEIVED_SHOWN });
  const standing = await readStanding(c, reader);
  const done = c.req.query('done') ?? '';
  return show(c, 'subscription', {
    title: 'My subscription',
    publication,
    status: statusOf({ wrong_pause, wrong_preferences, wrong_payment }),
    address: subscriber.address,
    standing,
    done: c.req.method === 'GET' && Object.hasOwn(DONE, done) ? DONE[done as keyof typeof DONE] : null,
    is_subscriber: standing.is_subscriber === true,
    payments: await paymentForms(c, reader, { failed: wrong_payment }),
    may_leave: standing.may === 'leave',
    may_rejoin: standing.may === 'rejoin',
    pause: standing.may_pause
      ? await pauseForm(c, reader, { paused_until: standing.paused_until, wrong_pause })
      : null,
    preferences: standing.may_pause
      ? preferencesForm(c, reader, {
          ...(await findPreferences(db, subscriber.id, publication.id)),
          all: await listSections(db, publication.id),
          wrong: wrong_preferences,
        })
      : null,
    contact: contactOf(publication),
    prices: pricesLabel(await listPlans(db, publication.id)),
    plans_url: path(routes.plans, { slug: publication.slug }),
    received: received.map((edition) => ({
      url: editionPath(publication.slug, edition),
      date: longDate(edition.edition_on.toString(), publication.lang),
      weekly: edition.kind === 'weekly',
      at: dayTime(edition.accepted_at, subscriber.zone ?? publication.zone),
      subject: edition.subject,
    })),
    ...readerUrls(c, reader),
  });
}

const statusOf = ({ wrong_payment, ...mendable }: Required<Wrong>): 200 | 400 | 503 =>
  wrong_payment !== null ? 503 : Object.values(mendable).every((wrong) => wrong === null) ? 200 : 400;

/** Sends the browser back to the page it came from, which then says what was done. */
export const backToSubscription = (c: Page, done: keyof typeof DONE): Response =>
  c.redirect(`${path(routes.subscription, { token: c.req.param('token') ?? '' })}?done=${done}`, 303);

async function pauseForm(
  c: Page,
  { subscriber, publication }: Reader,
  { paused_until, wrong_pause }: { paused_until: string | null; wrong_pause: string | null },
) {
  const { db, clock } = c.var.site;
  const open = await findPause(db, { subscriber_id: subscriber.id, publication_id: publication.id });
  const { first, last } = daysToPause(publication, open, { now: clock.now() });
  const may_move = Temporal.PlainDate.compare(first, last) <= 0;
  const token = c.req.param('token') ?? '';
  return {
    pause_url: path(routes.pause, { token }),
    resume_url: path(routes.resume, { token }),
    paused_until,
    first: first.toString(),
    last: last.toString(),
    last_label: dayLabel(last.toString(), publication.lang),
    may_move,
    most_days: LONGEST_PAUSE_DAYS,
    wrong: wrong_pause,
  };
}
