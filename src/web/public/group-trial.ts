import { Hono } from 'hono';
import { contactOf, type Publication, requirePublication } from '../../publications/publication.ts';
import { routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseLine, parseReaders, requireLine } from '../../trials/group-trial/parse.ts';
import { takeGroupRequest } from '../../trials/group-trial/take.ts';
import { clientOf } from '../request/client.ts';
import { complaint, readForm } from '../request/form.ts';
import { answerSignUpsSoon } from '../request/letters.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { showBusy } from './show-busy.ts';
import { blankGroup, showGroupForm, type TypedGroup } from './show-group.ts';
import { thrownAway } from './thrown-away.ts';

/** The form that asks for a trial for all colleagues; the newsroom answers it. */
export const groupTrial = new Hono<Env>();

groupTrial.get(routes.groupTrial, async (c) => {
  const publication = await requirePublication(c.var.site.db, c.req.param('slug'));
  return showGroupForm(c, publication, { typed: blankGroup() });
});

groupTrial.post(routes.groupTrial, async (c) => {
  const publication = await requirePublication(c.var.site.db, c.req.param('slug'));
  const typed = look(await readForm(c));
  if (Object.values(typed.wrong).some((wrong) => wrong !== null))
    return showGroupForm(c, publication, { typed });
  const taken = await take(c, publication, typed);
  const { domain } = parseAddress(typed.address);
  if (taken === 'disposable') {
    const wrong = { address: thrownAway(domain) };
    return showGroupForm(c, publication, { typed: { ...typed, wrong, contact: contactOf(publication) } });
  }
  if (taken !== 'taken') return showBusy(c, publication, { refusal: taken, domain });
  await answerSignUpsSoon(c);
  return show(c, 'with-newsroom', {
    title: 'Thank you. We will write to you',
    kicker: 'Group trial',
    publication,
  });
});

function take(c: Page, publication: Publication, typed: TypedGroup): ReturnType<typeof takeGroupRequest> {
  const { db, clock } = c.var.site;
  const form = {
    address: typed.address,
    name: requireLine(typed.name, 'name'),
    organisation: requireLine(typed.organisation, 'organisation'),
    office: parseLine(typed.office, 'office'),
    readers: parseReaders(typed.readers),
    note: parseLine(typed.note, 'note'),
    ip: clientOf(c).ip,
  };
  return takeGroupRequest(db, publication, form, { now: clock.now() });
}

function look(form: Record<string, string>): TypedGroup {
  const typed = blankGroup(form);
  return {
    ...typed,
    wrong: {
      address: complaint(() => parseAddress(typed.address)),
      name: complaint(() => requireLine(typed.name, 'name')),
      organisation: complaint(() => requireLine(typed.organisation, 'organisation')),
      office: complaint(() => parseLine(typed.office, 'office')),
      readers: complaint(() => parseReaders(typed.readers)),
      note: complaint(() => parseLine(typed.note, 'note')),
    },
  };
}
