import { Hono } from 'hono';
import { contactOf, type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { type TakenSignUp, takeSignUp } from '../../trials/sign-up/take.ts';
import { browserOf } from '../request/browser.ts';
import { clientOf } from '../request/client.ts';
import { complaint, readForm } from '../request/form.ts';
import { answerSignUpsSoon } from '../request/letters.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { showBusy } from './show-busy.ts';
import { showFront, type Typed } from './show-front.ts';
import { blankGroup, showGroupForm } from './show-group.ts';
import { SERVICE_WORDING_ID } from './terms.ts';
import { thrownAway } from './thrown-away.ts';

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
  const taken = await take(c, publication, typed);
  const { text: address, domain } = parseAddress(typed.address);
  switch (taken) {
    case 'taken':
      await answerSignUpsSoon(c);
      return show(c, 'signed-up', { title: 'Look into your inbox', publication, address });
    case 'group': {
      const group = blankGroup({ address, name: typed.first_name });
      return showGroupForm(c, publication, { typed: group, colleagues: { domain } });
    }
    case 'disposable': {
      const wrong = { ...typed.wrong, address: thrownAway(domain) };
      return showFront(c, publication, { ...typed, wrong, contact: contactOf(publication) });
    }
    default:
      return showBusy(c, publication, { refusal: taken, domain });
  }
});

/** Whether the address is known makes no difference here: it is looked at when all this is over. */
async function take(c: Page, publication: Publication, typed: Typed): Promise<TakenSignUp> {
  const { db, clock, config } = c.var.site;
  return takeSignUp(
    db,
    publication,
    {
      address: typed.address,
      first_name: typed.first_name,
      wording_id: SERVICE_WORDING_ID,
      form_url: config.PUBLIC_URL + path(routes.publication, { slug: publication.slug }),
      browser: await browserOf(c),
      ...clientOf(c),
    },
    { now: clock.now() },
  );
}

function look(form: Record<string, string>): Typed {
  const address = form.address ?? '';
  const first_name = form.first_name ?? '';
  return {
    address,
    first_name,
    wrong: {
      address: complaint(() => parseAddress(address)),
      first_name: complaint(() => parseFirstName(first_name)),
    },
  };
}
