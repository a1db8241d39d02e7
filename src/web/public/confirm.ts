import { Hono } from 'hono';
import { notFound } from '../../errors.ts';
import { dayLabel } from '../../messages/words/date-label.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { requireOffer } from '../../trials/offer.ts';
import { nextEditionOn } from '../../trials/position.ts';
import { confirmTrial } from '../../trials/sign-up/confirm.ts';
import { isPastConfirming } from '../../trials/sign-up/request-limits.ts';
import { requireTrial, type Trial } from '../../trials/trial.ts';
import { clientOf } from '../request/client.ts';
import { readForm } from '../request/form.ts';
import { sendLettersSoon } from '../request/letters.ts';
import { linkTarget } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { MARKETING_WORDING, MARKETING_WORDING_ID, termsOf } from './terms.ts';

/** The link of the letter that asks whether an address is the reader's: looking changes nothing, the button does. */
export const confirm = new Hono<Env>();

confirm.get(routes.confirm, async (c) => {
  const { trial, publication } = await trialOf(c);
  if (trial.state === 'void' || isPastConfirming(trial, { now: c.var.site.clock.now() }))
    return showExpired(c, publication);
  if (trial.state !== 'requested') return showConfirmed(c, publication, trial, { again: true });
  return show(c, 'confirm', {
    title: 'Start your free trial',
    publication,
    action: c.req.path,
    in_short: termsOf(await requireOffer(c.var.site.db, trial.offer_id)).in_short,
    marketing_wording: MARKETING_WORDING(publication.name),
  });
});

confirm.post(routes.confirm, async (c) => {
  const { trial, publication } = await trialOf(c);
  const { db, clock } = c.var.site;
  const marketing = (await readForm(c)).marketing === 'yes' ? proofOf(c) : undefined;
  const { outcome, trial: after } = await confirmTrial(db, trial.id, { now: clock.now(), marketing });
  if (outcome === 'expired') return showExpired(c, publication);
  if (outcome === 'confirmed') await sendLettersSoon(c);
  return showConfirmed(c, publication, after, { again: outcome === 'already' });
});

/** That the box was ticked on this page, which only the link in their own mailbox leads to. */
const proofOf = (c: Page) => ({
  wording_id: MARKETING_WORDING_ID,
  form_url: c.var.site.config.PUBLIC_URL + path(routes.confirm, { token: '' }),
  ...clientOf(c),
});

async function trialOf(c: Page): Promise<{ trial: Trial; publication: Publication }> {
  const { db } = c.var.site;
  const target = linkTarget(c, 'confirm');
  const trial = await requireTrial(db, target.subject);
  if (trial.publication_id !== target.publication)
    throw notFound(`trial ${trial.id} is not of this newsletter`);
  return { trial, publication: await requirePublication(db, trial.publication_id) };
}

function showConfirmed(
  c: Page,
  publication: Publication,
  trial: Trial,
  { again }: { again: boolean },
): Promise<Response> {
  const { clock, links } = c.var.site;
  const first = nextEditionOn(publication, clock.now());
  return show(c, 'confirmed', {
    title: again ? 'All is well: this is done already' : 'Thank you. Your trial has begun',
    publication,
    again,
    first_on: first && !again ? dayLabel(first.toString(), publication.lang) : null,
    in_short: termsOf(trial).in_short,
    subscription_url: path(routes.subscription, {
      token: links.token({
        purpose: 'subscription',
        subject: trial.subscriber_id,
        publication: publication.id,
      }),
    }),
    archive_url: path(routes.archive, { slug: publication.slug }),
  });
}

function showExpired(c: Page, publication: Publication): Promise<Response> {
  return show(c, 'expired', {
    title: 'This link has run out',
    publication,
    again_url: `${path(routes.publication, { slug: publication.slug })}#free-trial`,
  });
}
