import { findOpenChange } from '../../accounts/address/address-change.ts';
import { hasPassword } from '../../accounts/passwords/credential.ts';
import { listSessions, type Session } from '../../accounts/session.ts';
import { type AccountHolder, isFresh } from '../../accounts/signing-in/signed-in.ts';
import { listPublications, type Publication } from '../../publications/publication.ts';
import { routes } from '../../routes.ts';
import { listNewsletters } from '../../trials/newsletters.ts';
import { readerUrls, readStanding } from '../public/reader.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { dayTime } from '../words.ts';
import { browserName } from './browser-name.ts';

/** What came of a form of this page: what was done, or what is wrong, by the field. */
export type Came = {
  done?: string;
  wrong?: { [field in 'old_password' | 'new_password' | 'new_address' | 'address_password']?: string };
  /** What was typed, to be mended. */
  new_address?: string;
};

/** The page of an account. */
export async function showAccount(c: Page, holder: AccountHolder, came: Came = {}): Promise<Response> {
  const { db, clock } = c.var.site;
  const { subscriber, account_id } = holder;
  const all = await listPublications(db);
  const mine = (await listNewsletters(db, subscriber.id)).map((id) =>
    all.find((publication) => publication.id === id),
  );
  const newsletters = mine.filter((publication) => publication !== undefined);
  const zone = subscriber.zone ?? newsletters[0]?.zone ?? 'UTC';
  const sessions = await listSessions(db, account_id, { now: clock.now() });
  return show(c, 'account', {
    title: 'My account',
    ...(newsletters[0] && { publication: newsletters[0] }),
    status: came.wrong ? 400 : 200,
    under_way: true,
    address: subscriber.address,
    done: came.done ?? null,
    newsletters: await Promise.all(newsletters.map((publication) => newsletterOf(c, holder, publication))),
    change: await changeOf(c, holder, came),
    password: {
      action: routes.accountPassword,
      has_one: await hasPassword(db, account_id),
      wrong_old: came.wrong?.old_password ?? null,
      wrong_new: came.wrong?.new_password ?? null,
    },
    sessions_url: routes.accountSessions,
    sessions: sessions.map((session) => sessionOf(session, holder, zone)),
    has_others: sessions.length > 1,
    contact: newsletters[0]?.reply_to ?? newsletters[0]?.from_address ?? null,
    sign_out_url: routes.signOut,
    data_url: routes.accountData,
    erase_url: routes.accountErase,
  });
}

/** The form for another address, or the change that waits. */
async function changeOf(c: Page, holder: AccountHolder, { wrong, new_address }: Came) {
  const { db, clock } = c.var.site;
  const now = clock.now();
  const waits = await findOpenChange(db, holder.subscriber.id, { now });
  return {
    action: routes.accountAddress,
    wants_password: !isFresh(holder, { now }) && (await hasPassword(db, holder.account_id)),
    typed: new_address ?? '',
    wrong: wrong?.new_address ?? null,
    wrong_password: wrong?.address_password ?? null,
    waits: waits
      ? {
          to: waits.new_address,
          old_agreed: waits.approved_at !== null,
          new_agreed: waits.confirmed_at !== null,
        }
      : null,
  };
}

async function newsletterOf(c: Page, { subscriber }: AccountHolder, publication: Publication) {
  const reader = { subscriber, publication };
  const { title, lines } = await readStanding(c, reader);
  return {
    name: publication.name,
    title,
    line: lines[0] ?? null,
    url: readerUrls(c, reader).subscription_url,
  };
}

function sessionOf(session: Session, holder: AccountHolder, zone: string) {
  return {
    id: session.id,
    browser: browserName(session.user_agent),
    since: dayTime(session.created_at, zone),
    network: session.network_address || null,
    is_this: session.id === holder.session_id,
  };
}
