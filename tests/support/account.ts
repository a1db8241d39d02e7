import { answerRequests } from '../../src/accounts/signing-in/answer-requests.ts';
import type { LetterName } from '../../src/letters/letter-kind.ts';
import { createSeal } from '../../src/seal.ts';
import type { createSite } from './site.ts';

type OpenSite = Pick<ReturnType<typeof createSite>, 'app' | 'site' | 'clock'>;

/** A browser of a reader: it keeps the cookies it is given, follows no redirect, and comes from `ip`. */
export function createBrowser({ app, site }: OpenSite, { ip = null }: { ip?: string | null } = {}) {
  const cookies = new Map<string, string>();
  const from = ip === null ? {} : { incoming: { socket: { remoteAddress: ip, remoteFamily: 'IPv4' } } };
  const ask = async (path: string, init: RequestInit, headers: Record<string, string>) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await app.request(
      path,
      { ...init, headers: { ...headers, ...(cookie && { cookie }) } },
      from,
    );
    for (const field of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(field) ?? [];
      if (value === '' || /max-age=0/i.test(field)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const ours = { origin: site.config.PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
  return {
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => ask(path, {}, headers),
    post: (path: string, fields: Record<string, string> = {}, headers = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(fields) }, { ...ours, ...headers }),
  };
}

/** Answers the requests for letters that wait, as the job does; returns how many letters were asked for. */
export async function answerLetters({ site, clock }: OpenSite): Promise<number> {
  const { SECRET_KEY: secretKeys, PUBLIC_URL: publicUrl } = site.config;
  const means = { now: clock.now(), secretKeys, publicUrl, enqueue: async () => {} };
  return (await answerRequests(site.db, means)).letters;
}

/** The secret in the newest letter of a kind to a reader; undefined where there is no such letter. */
export async function secretOf(
  { site }: OpenSite,
  subscriber_id: number,
  letter: LetterName,
): Promise<string | undefined> {
  const found = await site.db
    .selectFrom('letters')
    .select('detail')
    .where('subscriber_id', '=', subscriber_id)
    .where('letter', '=', letter)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return found && createSeal(site.config.SECRET_KEY).open(letter, String(found.detail.sealed));
}
