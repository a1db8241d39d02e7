import { makeSignInSecret } from '../../src/accounts/signing-in/secret.ts';
import type { Staff } from '../../src/accounts/staff/staff.ts';
import type { Db } from '../../src/db/connect.ts';
import { composeEdition } from '../../src/editions/compose.ts';
import type { Edition } from '../../src/editions/edition.ts';
import type { Mailbox } from '../../src/mailbox/mailbox.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { requireSubscriber } from '../../src/subscribers/subscriber.ts';
import { createBrowser } from './account.ts';
import { MONDAY, seedPublication, seedStaff } from './cast.ts';
import { createSite } from './site.ts';
import { fillSectionsByName, insertDay } from './stories.ts';

/** Fifteen minutes after Monday's cutoff. */
export const AT_THE_DESK = MONDAY.add({ minutes: 15 });

/** A desk with Monday's edition composed from fifteen stories, its staff, and a site on this machine alone, without second factors. */
export async function openDesk(db: Db): Promise<{
  publication: Publication;
  edition: Edition;
  staff: Record<'eve' | 'dora' | 'ada', Staff>;
  at: ReturnType<typeof createSite>;
}> {
  const at = createSite(db, { mailbox: {} as Mailbox });
  at.clock.set(AT_THE_DESK);
  const publication = await seedPublication(db, { created_at: MONDAY.subtract({ hours: 500 }) });
  await fillSectionsByName(db, publication);
  await insertDay(db, publication, { now: MONDAY });
  const edition = await composeEdition(db, publication, Temporal.PlainDate.from('2026-11-23'), {
    now: MONDAY,
  });
  return { publication, edition, staff: await seedStaff(db, at.site.config.SECRET_KEY), at };
}

/** The path of a link that signs a member of staff in, once. */
export async function signInPath(
  { site, clock }: ReturnType<typeof createSite>,
  staff: Staff,
): Promise<string> {
  const { db, config } = site;
  const { address_key } = await requireSubscriber(db, staff.subscriber_id);
  const means = { now: clock.now(), secretKeys: config.SECRET_KEY, publicUrl: config.PUBLIC_URL };
  return `/sign-in/${await makeSignInSecret(db, address_key, means)}`;
}

/** A browser that a member of staff is signed in with. */
export async function signedIn(at: ReturnType<typeof createSite>, staff: Staff) {
  const browser = createBrowser(at);
  await browser.post(await signInPath(at, staff));
  return browser;
}
