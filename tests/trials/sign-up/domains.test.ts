import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../../src/db/schema.ts';
import { listDomainRules } from '../../../src/trials/sign-up/domains/domain-rule.ts';
import { judgeDomain } from '../../../src/trials/sign-up/domains/judge-domain.ts';
import { suffixesOf } from '../../../src/trials/sign-up/domains/lists.ts';
import { ruleDomain } from '../../../src/trials/sign-up/domains/rule-domain.ts';
import { MONDAY } from '../../support/cast.ts';
import { freshDatabase } from '../../support/database.ts';

const base = await freshDatabase();
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const RULING = { now: MONDAY, actor: 'Dora', reason: 'our own reader' };
const judged = async (...domains: string[]) => {
  const kinds: string[] = [];
  for (const domain of domains) kinds.push(await judgeDomain(db, domain));
  return kinds;
};

test('a listed domain is thrown away, so are those under it, and those above or beside it are not', async () => {
  assert.deepEqual(
    await judged('mailinator.com', 'a.b.mailinator.com', 'xmailinator.example', 'com', 'mailinator.com.test'),
    ['disposable', 'disposable', 'organisation', 'organisation', 'organisation'],
  );
});

test('free mail and House mail are of no one organisation; a Senate office is one by its sub-domain', async () => {
  assert.deepEqual(
    await judged('gmail.com', 'yahoo.co.uk', 'web.de', 'house.gov', 'mail.house.gov', 'warner.senate.gov'),
    ['shared', 'shared', 'shared', 'shared', 'shared', 'organisation'],
  );
});

test('what the newsroom says goes before the lists, the nearest domain first, until it is taken back', async () => {
  await ruleDomain(db, { domain: 'Mailinator.com', rule: 'allowed' }, RULING);
  await ruleDomain(db, { domain: 'bad.mailinator.com', rule: 'refused' }, RULING);
  await ruleDomain(db, { domain: 'dome.test', rule: 'shared' }, RULING);
  const domains = ['mailinator.com', 'x.mailinator.com', 'x.bad.mailinator.com', 'press.dome.test'];
  assert.deepEqual(await judged(...domains), ['organisation', 'organisation', 'disposable', 'shared']);
  await ruleDomain(db, { domain: 'mailinator.com', rule: null }, { ...RULING, reason: 'a mistake' });
  assert.deepEqual(await judged('x.mailinator.com'), ['disposable']);
  assert.deepEqual(
    (await listDomainRules(db)).map(({ domain, rule }) => `${domain} ${rule}`),
    ['bad.mailinator.com refused', 'dome.test shared'],
  );
  const audit = await db.selectFrom('audit').select(['actor', 'subject', 'reason']).execute();
  assert.equal(audit.length, 4);
  assert.deepEqual(audit[0], { actor: 'Dora', subject: 'domain mailinator.com', reason: 'our own reader' });
});

test('a rule is given for a domain and with a reason, and only one that is there is taken back', async () => {
  const rule = (domain: string, reason = 'why', to: 'refused' | null = 'refused') =>
    ruleDomain(db, { domain, rule: to }, { ...RULING, reason });
  await assert.rejects(rule('x.test', ' '), { kind: 'invalid', message: /no reason is given for x\.test/ });
  await assert.rejects(rule('no domain'), { kind: 'invalid', message: /it has a blank/ });
  await assert.rejects(rule('com'), { kind: 'invalid', message: /the domain has no dot/ });
  await assert.rejects(rule('x.test', 'why', null), { kind: 'not_found', message: /no rule for x\.test/ });
  assert.deepEqual(suffixesOf('a.b.c'), ['a.b.c', 'b.c']);
});
