import { Hono } from 'hono';
import { invalid, PresstimeError } from '../../errors.ts';
import type { Publication } from '../../publications/publication.ts';
import { listSections } from '../../publications/section.ts';
import { routes } from '../../routes.ts';
import { findPreferences, type Preferences } from '../../subscribers/preferences.ts';
import { setPreferences } from '../../subscribers/set-preferences.ts';
import { readForm, readValues } from '../request/form.ts';
import type { Env } from '../site.ts';
import { readerOf } from './reader.ts';
import { backToSubscription, showSubscription } from './show-subscription.ts';

/** A reader says what of the edition they want, when it shall come, and where they are. */
export const preferences = new Hono<Env>();

preferences.post(routes.preferences, async (c) => {
  const reader = await readerOf(c, 'subscription');
  const { subscriber, publication } = reader;
  const { db, clock } = c.var.site;
  const { zone = '', morning_at = '', ...form } = await readForm(c);
  const sections = (await readValues(c, 'section')).map(Number);
  const said = await findPreferences(db, subscriber.id, publication.id);
  try {
    const rhythm = readRhythm(publication, form.rhythm, said.rhythm);
    const wanted = {
      rhythm,
      sections: (await listSections(db, publication.id)).length > 0 ? sections : null,
      morning_at: morning_at === '' ? null : readTime(morning_at),
      zone: zone === publication.zone ? null : zone,
    };
    await setPreferences(db, subscriber.id, publication.id, wanted, { now: clock.now() });
    return backToSubscription(c, rhythm === said.rhythm ? 'saved' : rhythm);
  } catch (error) {
    if (!(error instanceof PresstimeError) || error.kind !== 'invalid') throw error;
    return showSubscription(c, reader, { wrong_preferences: error.message });
  }
});

/** The time of day of a form; what is none becomes one that no reader can choose, for the verb to refuse by name. */
function readTime(text: string): Temporal.PlainTime {
  try {
    return Temporal.PlainTime.from(text);
  } catch {
    return Temporal.PlainTime.from('00:01');
  }
}

/** What was said before, where the form does not ask. */
function readRhythm(
  { weekly_on }: Publication,
  text: string | undefined,
  before: Preferences['rhythm'],
): Preferences['rhythm'] {
  if (weekly_on === null || text === undefined) return before;
  if (text === 'daily' || text === 'weekly') return text;
  throw invalid(`"${text}" is no rhythm; expected daily or weekly`);
}
