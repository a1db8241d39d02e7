import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { listPresent, markPresent, type Present } from '../../accounts/staff/presence.ts';
import { lastEdit } from '../../editions/desk/history.ts';
import { requireEdition } from '../../editions/edition.ts';
import { routes } from '../../routes.ts';
import { readForm } from '../request/form.ts';
import type { Env } from '../site.ts';
import { idIn } from './id-in.ts';
import { requireStaff } from './member.ts';

/** Who else is at the desk with an edition, and whether it has changed: told as it happens (server-sent events). */
export const stream = new Hono<Env>();

/** So often the database is looked at; other processes may have changed what it holds. */
const LOOK_EVERY_MS = 1000;
/** A connection is let go after so long: the browser comes back, and a session that has ended is noticed. */
const LASTS_MS = 5 * 60_000;
const LONGEST_FIELD = 80;

stream.post(routes.deskPresence, async (c) => {
  const staff = await requireStaff(c);
  const { field = '' } = await readForm(c);
  const { id: edition_id } = await requireEdition(c.var.site.db, idIn(c, 'id'));
  const at = { edition_id, staff_id: staff.id, field: field.slice(0, LONGEST_FIELD) };
  await markPresent(c.var.site.db, at, { now: c.var.site.clock.now() });
  return c.body(null, 204);
});

stream.get(routes.deskStream, async (c) => {
  const staff = await requireStaff(c);
  const id = idIn(c, 'id');
  const { db, clock, log } = c.var.site;
  return streamSSE(
    c,
    async (events) => {
      let told = '';
      for (let waited = 0; waited < LASTS_MS && !events.aborted; waited += LOOK_EVERY_MS) {
        const others = (await listPresent(db, id, { now: clock.now() })).filter(
          ({ staff_id }) => staff_id !== staff.id,
        );
        const news = { others: others.map(toTold), ...(await lastEdit(db, id)) };
        const data = JSON.stringify(news);
        if (data !== told) await events.writeSSE({ event: 'desk', data });
        told = data;
        await events.sleep(LOOK_EVERY_MS);
      }
    },
    lost,
  );

  async function lost(error: Error): Promise<void> {
    log.warn({ err: error, edition_id: id }, 'a desk is no longer told of changes; its browser asks again');
  }
});

const toTold = ({ name, field }: Present) => ({ name, field });
