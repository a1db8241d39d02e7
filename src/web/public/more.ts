import { Hono } from 'hono';
import { notFound } from '../../errors.ts';
import { requirePublication } from '../../publications/publication.ts';
import { routes } from '../../routes.ts';
import { askForMore, MORE_EDITIONS, mayAskForMore } from '../../trials/course/ask-for-more.ts';
import { requireTrial } from '../../trials/trial.ts';
import { sendLettersSoon } from '../request/letters.ts';
import { linkTarget } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { count } from '../words.ts';

/** The link of the letter that tells a trial is over, for more editions: looking changes nothing, the button does. */
export const more = new Hono<Env>();

more.get(routes.more, async (c) => {
  const { trial, publication } = await trialOf(c);
  const { db, clock } = c.var.site;
  if (!(await mayAskForMore(db, trial, clock.now()))) return showMore(c, 'no_more', publication);
  return show(c, 'more', {
    title: `${count(MORE_EDITIONS, 'more edition')}, for nothing`,
    publication,
    action: c.req.path,
    outcome: null,
  });
});

more.post(routes.more, async (c) => {
  const { trial, publication } = await trialOf(c);
  const { db, clock } = c.var.site;
  const { outcome } = await askForMore(db, trial.id, { now: clock.now() });
  if (outcome === 'given') await sendLettersSoon(c);
  return showMore(c, outcome, publication);
});

const OUTCOMES = {
  given: {
    title: 'They are yours',
    text: 'The next edition comes to you again. A letter says how many there are and about until when.',
  },
  already: { title: 'They are yours already', text: 'You have asked before, and they come to you.' },
  no_more: {
    title: 'Not this time',
    text: 'A trial is made longer once, and within 90 days of its end. Past editions stay open to everybody.',
  },
};

type Newsletter = Awaited<ReturnType<typeof requirePublication>>;

const showMore = (c: Page, outcome: keyof typeof OUTCOMES, publication: Newsletter): Promise<Response> =>
  show(c, 'more', {
    title: OUTCOMES[outcome].title,
    publication,
    action: c.req.path,
    outcome: OUTCOMES[outcome].text,
  });

async function trialOf(c: Page) {
  const { db } = c.var.site;
  const target = linkTarget(c, 'more');
  const trial = await requireTrial(db, target.subject);
  if (trial.publication_id !== target.publication)
    throw notFound(`trial ${trial.id} is not of this newsletter`);
  return { trial, publication: await requirePublication(db, trial.publication_id) };
}
