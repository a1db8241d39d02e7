import { HTTPException } from 'hono/http-exception';
import { secondFactorOf } from '../../accounts/staff/second-factor.ts';
import { findStaffOf, isAtLeast, type Role, type Staff } from '../../accounts/staff/staff.ts';
import { forbidden } from '../../errors.ts';
import { routes } from '../../routes.ts';
import { withNext } from '../account/next.ts';
import { requireAccount } from '../request/account.ts';
import type { Page } from '../site.ts';

/**
 * The member of staff at the browser, who may do what `role` may. Nobody signed in is led to the sign-in, and who has not
 * shown a second factor in this session to that; where the mailbox stands inside the program there is none, since whoever
 * sits at this machine reads every letter anyway. Throws `forbidden` for a reader, and for a role that is not enough.
 */
export async function requireStaff(c: Page, role: Role = 'editor'): Promise<Staff> {
  const { db, mailbox } = c.var.site;
  const holder = await requireAccount(c);
  const staff = await findStaffOf(db, holder.subscriber.id);
  if (!staff) throw forbidden(`${holder.subscriber.address} has no place at the desk; an admin gives one`);
  if (!mailbox && (await secondFactorOf(db, holder)) !== 'shown') throw toSecondFactor(c);
  if (!isAtLeast(staff.role, role)) throw forbidden(`${staff.name} is ${staff.role}; this takes an ${role}`);
  return staff;
}

function toSecondFactor(c: Page): HTTPException {
  const next = c.req.method === 'GET' ? new URL(c.req.url).pathname : routes.desk;
  c.header('cache-control', 'no-store');
  return new HTTPException(303, { res: c.redirect(withNext(routes.secondFactor, next), 303) });
}
