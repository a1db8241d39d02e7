import { Hono } from 'hono';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { judgeDomain } from '../../trials/sign-up/domains/judge-domain.ts';
import { requestTrial } from '../../trials/sign-up/request.ts';
import { clientOf } from '../request/client.ts';
import { complaint, readForm } from '../request/form.ts';
import { sendLettersSoon } from '../request/letters.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { showFront, type Typed } from './show-front.ts';
import { MARKETING_WORDING_ID, SERVICE_WORDING_ID } from './terms.ts';

/** The form that starts a free trial. */
export const signUp = new Hono<Env>();

signUp.get(routes.signUp, async (c) => {
  const { slug } = await requirePublication(c.var.site.db, c.req.param('slug'));
  return c.redirect(`${path(routes.publication, { slug })}#free-trial`);
});

signUp.post(routes.signUp, async (c) => {
  const publication = await requirePublication(c.var.site.db, c.req.param('slug'));
  const form = await readForm(c);
  const typed = look(form);
  if (typed.wrong.address !== null || typed.wrong.first_name !== null)
    return showFront(c, publication, typed);
  if (await isThrownAway(c, typed)) return showFront(c, publication, refused(typed, publication));
  await request(c, publication, typed);
  await sendLettersSoon(c);
  return show(c, 'signed-up', {
    title: 'Look into your inbox',
    publication,
    address: parseAddress(typed.address).text,
  });
});

async function isThrownAway(c: Page, { address }: Typed): Promise<boolean> {
  return (await judgeDomain(c.var.site.db, parseAddress(address).domain)) === 'disposable';
}

function refused(typed: Typed, { reply_to, from_address }: Publication): Typed {
  const { domain } = parseAddress(typed.address);
  const address = `Addresses at ${domain} are made to be thrown away, so an edition would soon reach nobody. Please give one that you keep, or write to ${reply_to ?? from_address} and we start your trial.`;
  return { ...typed, wrong: { ...typed.wrong, address } };
}

/** Whether the address is known makes no difference to what the asker is told: the outcome is not looked at. */
async function request(c: Page, publication: Publication, typed: Typed): Promise<void> {
  const { db, clock, config } = c.var.site;
  await requestTrial(
    db,
    publication,
    {
      address: typed.address,
      first_name: typed.first_name,
      wording_id: SERVICE_WORDING_ID,
      marketing_wording_id: typed.marketing ? MARKETING_WORDING_ID : null,
      form_url: config.PUBLIC_URL + path(routes.publication, { slug: publication.slug }),
      ...clientOf(c),
    },
    { now: clock.now(), secretKeys: config.SECRET_KEY },
  );
}

function look(form: Record<string, string>): Typed {
  const address = form.address ?? '';
  const first_name = form.first_name ?? '';
  return {
    address,
    first_name,
    marketing: form.marketing === 'yes',
    wrong: {
      address: complaint(() => parseAddress(address)),
      first_name: complaint(() => parseFirstName(first_name)),
    },
  };
}
