import { resolveTxt } from 'node:dns/promises';
import { listPending } from '../db/migrate.ts';
import { checkServer } from '../deliveries/lanes/check-server.ts';
import { listPausedRuns } from '../deliveries/ledger/run.ts';
import { readSendingSettings } from '../deliveries/relays/settings.ts';
import { messageOf } from '../errors.ts';
import { listFeeds } from '../feeds/feed.ts';
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
    Promise.resolve([examineSigning(program, local)]),
    ...senders.map((publication) => examineSender(publication, program)),
    ...publications.map((publication) => attempt('feeds', () => examineFeeds(program, publication))),
    attempt('editions', () => examineEditions(program)),
    attempt('runs', () => examineRuns(program)),
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

/** Another last key breaks no page, it only forgets: who had a trial, and whom we must not write to. */
async function examineKey({ db, secret_keys }: Program): Promise<Finding[]> {
  if (await areReadersKnownByKey(db, { secretKeys: secret_keys }))
    return [ok('secret key', 'readers are found by the last key of SECRET_KEY')];
  const detail =
    'the last key of SECRET_KEY is not the one that readers were written down with: put that one back at the end, or leavers and past trials are not known';
  return [{ check: 'secret key', status: 'fail', detail }];
}

function examineSigning({ signer }: Program, local: boolean): Finding {
  if (signer) return ok('signing', `DKIM as ${signer.domain}; a sample was signed`);
  const detail = 'no DKIM key is configured: the relay must sign, or large providers will refuse the mail';
  return local
    ? ok('signing', 'none, and none is needed for the local mailbox')
    : { check: 'signing', status: 'warn', detail };
}

/** The records that mailbox providers ask for (RFC 7208, RFC 6376, RFC 9989). */
async function examineSender({ from_address }: Publication, { config }: Program): Promise<Finding[]> {
  const domain = from_address.slice(from_address.lastIndexOf('@') + 1);
  const records: [string, string, string][] = [
    ['SPF', domain, 'v=spf1'],
    ['DMARC', `_dmarc.${domain}`, 'v=DMARC1'],
  ];
  if (config.DKIM_SELECTOR)
    records.push(['DKIM', `${config.DKIM_SELECTOR}._domainkey.${config.DKIM_DOMAIN}`, 'p=']);
  return Promise.all(records.map(([check, name, part]) => examineRecord(check, name, part)));
}

async function examineRecord(check: string, name: string, part: string): Promise<Finding> {
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
  return overdue.map(({ publication, minutes, why }) => ({
    check: 'editions',
    status: 'fail',
    detail: `${publication} is ${minutes} minutes late: ${why}`,
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
