import { listPending } from '../db/migrate.ts';
import { checkServer } from '../deliveries/lanes/check-server.ts';
import { listPausedRuns } from '../deliveries/ledger/run.ts';
import { checkPublishedKeys, type KeyState, type ResolveTxt } from '../deliveries/mail/published-keys.ts';
import { readSendingSettings } from '../deliveries/relays/settings.ts';
import { messageOf } from '../errors.ts';
import { listFeeds } from '../feeds/feed.ts';
import { countGivenUp } from '../payments/provider-event.ts';
import { listOverdue } from '../press/overdue.ts';
import type { Program } from '../program.ts';
import { listPublications, type Publication } from '../publications/publication.ts';
import { areReadersKnownByKey } from '../subscribers/known-by-key.ts';

/** One thing looked at. `unknown`: it could not be checked, which is never the same as `ok`. */
export type Finding = { check: string; status: 'ok' | 'warn' | 'fail' | 'unknown'; detail: string };

/** Looks at everything the program depends on. `local`: mail stays on this machine, so DNS is not asked. */
export async function examine(program: Program, { local }: { local: boolean }): Promise<Finding[]> {
  const publications = await listPublications(program.db);
  const senders = local ? [] : publications;
  const groups = await Promise.all([
    attempt('database', () => examineDatabase(program)),
    ...readSendingSettings(program.config).relays.map(({ url, ca }) =>
      attempt('mail server', async () => [ok('mail server', await checkServer(url, ca))]),
    ),
    attempt('secret key', () => examineKey(program)),
    examineSigning(program, local),
    ...senders.map((publication) => examineSender(publication, program)),
    ...publications.map((publication) => attempt('feeds', () => examineFeeds(program, publication))),
    attempt('editions', () => examineEditions(program)),
    attempt('runs', () => examineRuns(program)),
    attempt('card payments', () => examinePayments(program)),
  ]);
  return groups.flat();
}

const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });

async function attempt(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [{ check, status: 'fail', detail: messageOf(error) }];
  }
}

async function examineDatabase({ db }: Program): Promise<Finding[]> {
  const pending = await listPending(db);
  if (pending.length === 0) return [ok('database', 'answers, and has every migration')];
  return [
    { check: 'database', status: 'fail', detail: `lacks ${pending.join(', ')}: run presstime migrate` },
  ];
}

/** Asks for a subscription that there cannot be: whoever says so answers, and takes our key. */
async function examinePayments({ db, payments }: Program): Promise<Finding[]> {
  if (!payments) return [];
  await payments.findSubscription('sub_presstime_doctor');
  const given_up = await countGivenUp(db);
  if (given_up === 0) return [ok('card payments', `${payments.provider} answers, and takes the key`)];
  const detail = `${payments.provider} answers; ${given_up} of its notices could not be worked and were given up: look them up there by the ids in provider_events`;
  return [{ check: 'card payments', status: 'warn', detail }];
}

/** Another last key breaks no page, it only forgets: who had a trial, and whom we must not write to. */
async function examineKey({ db, secret_keys }: Program): Promise<Finding[]> {
  if (await areReadersKnownByKey(db, { secretKeys: secret_keys }))
    return [ok('secret key', 'readers are found by the last key of SECRET_KEY')];
  const detail =
    'the last key of SECRET_KEY is not the one that readers were written down with: put that one back at the end, or leavers and past trials are not known';
  return [{ check: 'secret key', status: 'fail', detail }];
}

/** Each key was tried on a sample when the program was put together. */
async function examineSigning({ signer, resolveTxt }: Program, local: boolean): Promise<Finding[]> {
  if (local && !signer) return [ok('signing', 'none, and none is needed for the local mailbox')];
  const detail = 'no DKIM key is configured: the relay must sign, or large providers will refuse the mail';
  if (!signer) return [{ check: 'signing', status: 'warn', detail }];
  const names = signer.keys.map(({ selector, algorithm }) => `${selector} (${algorithm})`).join(' and ');
  const states = local ? [] : await checkPublishedKeys(signer, resolveTxt);
  return [
    ok('signing', `DKIM as ${signer.domain} with ${names}; a sample was signed`),
    ...states.map(({ state, detail }) => ({ check: 'DKIM', status: KEY_STATUS[state], detail })),
  ];
}

const KEY_STATUS: Record<KeyState['state'], Finding['status']> = {
  published: 'ok',
  missing: 'fail',
  revoked: 'fail',
  other: 'fail',
  unknown: 'unknown',
};

/** The records of its domain that mailbox providers ask for (RFC 7208, RFC 9989). */
async function examineSender({ from_address }: Publication, { resolveTxt }: Program): Promise<Finding[]> {
  const domain = from_address.slice(from_address.lastIndexOf('@') + 1);
  const records: [string, string, string][] = [
    ['SPF', domain, 'v=spf1'],
    ['DMARC', `_dmarc.${domain}`, 'v=DMARC1'],
  ];
  return Promise.all(records.map((record) => examineRecord(record, resolveTxt)));
}

async function examineRecord(
  [check, name, part]: [string, string, string],
  resolveTxt: ResolveTxt,
): Promise<Finding> {
  try {
    const found = (await resolveTxt(name))
      .map((pieces) => pieces.join(''))
      .find((text) => text.includes(part));
    return found
      ? ok(check, `${name} says ${found.slice(0, 60)}`)
      : { check, status: 'fail', detail: `${name} has no record with ${part}` };
  } catch (error) {
    const missing = ['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '');
    return { check, status: missing ? 'fail' : 'unknown', detail: `${name}: ${messageOf(error)}` };
  }
}

async function examineFeeds({ db }: Program, publication: Publication): Promise<Finding[]> {
  const feeds = await listFeeds(db, publication.id);
  if (feeds.length === 0)
    return [{ check: 'feeds', status: 'warn', detail: `${publication.name} has no feed` }];
  return feeds.map((feed) => {
    if (feed.paused_at) return { check: 'feeds', status: 'warn', detail: `${feed.name} is paused` };
    if (feed.failures === 0)
      return ok('feeds', `${feed.name}: ${feed.last_read_at ? `read ${feed.last_read_at}` : 'not read yet'}`);
    return {
      check: 'feeds',
      status: 'warn',
      detail: `${feed.name} failed ${feed.failures === 1 ? 'once' : `${feed.failures} times`}: ${feed.last_error}`,
    };
  });
}

async function examineEditions({ db, clock }: Program): Promise<Finding[]> {
  const overdue = await listOverdue(db, clock.now());
  if (overdue.length === 0) return [ok('editions', 'none is overdue')];
  return overdue.map(({ publication, kind, minutes, why }) => ({
    check: 'editions',
    status: 'fail',
    detail: `${publication}${kind === 'weekly' ? ', the weekly round-up,' : ''} is ${minutes} minutes late: ${why}`,
  }));
}

async function examineRuns({ db }: Program): Promise<Finding[]> {
  const paused = await listPausedRuns(db);
  if (paused.length === 0) return [ok('runs', 'none stands still')];
  return paused.map(({ id, publication, kind, run_on, pause_reason }) => ({
    check: 'runs',
    status: 'fail',
    detail: `${publication}, ${kind} of ${run_on}: paused, ${pause_reason}; once that is mended, presstime job resume-run run_id=${id}`,
  }));
}
