import { Hono } from 'hono';
import type { PlainDate } from '../../db/schema/kinds.ts';
import { PresstimeError } from '../../errors.ts';
import { routes } from '../../routes.ts';
import { pause as pauseEditions } from '../../trials/pausing/pause.ts';
import { resume as resumeEditions } from '../../trials/pausing/resume.ts';
import { readForm } from '../request/form.ts';
import { sendLettersSoon } from '../request/letters.ts';
import type { Env } from '../site.ts';
import { readerOf } from './reader.ts';
import { backToSubscription, showSubscription } from './show-subscription.ts';

/** A reader pauses their editions until a date, moves it, or comes back early. */
export const pause = new Hono<Env>();

pause.post(routes.pause, async (c) => {
  const reader = await readerOf(c, 'subscription');
  const { db, clock } = c.var.site;
  const { until = '' } = await readForm(c);
  const resume_on = readDate(until);
  if (!resume_on)
    return showSubscription(c, reader, { wrong_pause: 'Please give the day on which it shall come again.' });
  try {
    const asked = { resume_on, now: clock.now(), actor: 'reader' };
    await pauseEditions(db, reader.subscriber.id, reader.publication.id, asked);
  } catch (error) {
    if (!(error instanceof PresstimeError) || error.kind !== 'invalid') throw error;
    return showSubscription(c, reader, { wrong_pause: error.message });
  }
  await sendLettersSoon(c);
  return backToSubscription(c, 'paused');
});

pause.post(routes.resume, async (c) => {
  const { subscriber, publication } = await readerOf(c, 'subscription');
  const { db, clock } = c.var.site;
  await resumeEditions(db, subscriber.id, publication.id, { now: clock.now(), actor: 'reader' });
  await sendLettersSoon(c);
  return backToSubscription(c, 'resumed');
});

/** The date of a date field; undefined where it holds none. */
function readDate(text: string): PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text.trim(), { overflow: 'reject' });
  } catch {
    return undefined; // what the reader is told is the caller's to say
  }
}
