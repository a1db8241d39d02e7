import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerSignUps } from '../../src/trials/sign-up/answer.ts';
import { seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const { site, clock, get, post } = createSite(db);
const FORM = {
  address: 'dora@office.example',
  name: 'Dora',
  organisation: 'The Office',
  office: '',
  readers: '12',
  note: 'From <b>January</b> on.',
};
const text = async (answer: Response | Promise<Response>): Promise<string> => (await answer).text();
const requests = () => db.selectFrom('group_requests').selectAll().orderBy('id').execute();

test('the fourth colleague of one organisation is offered a trial for the group, known address or not; of free mail nobody is', async () => {
  const known = 'one@office.example';
  for (const address of [known, 'two@office.example']) await startTrial(db, dome, { address }, clock.now());
  assert.doesNotMatch(await text(post('/dome-daily/trial', { address: 'new@office.example' })), /colleagues/);
  await startTrial(db, dome, { address: 'three@office.example' }, clock.now());
  const answers = await Promise.all(
    ['four@office.example', known].map(async (address) =>
      (await text(post('/dome-daily/trial', { address }))).replaceAll(address, 'ADDRESS'),
    ),
  );
  assert.match(
    answers[0] as string,
    /Your colleagues read it already[\s\S]*action="\/dome-daily\/group-trial"/,
  );
  assert.equal(answers[1], answers[0]);
  for (const name of ['a', 'b', 'c', 'd'])
    await startTrial(db, dome, { address: `${name}@gmail.com` }, clock.now());
  assert.doesNotMatch(await text(post('/dome-daily/trial', { address: 'e@gmail.com' })), /colleagues/);
});

test('a group that asks is written down, and the newsroom is told by a letter to the address where it hears from readers', async () => {
  assert.match(await text(get('/dome-daily/group-trial')), /<h1>Start a group trial/);
  assert.match(await text(post('/dome-daily/group-trial', FORM)), /Thank you\. We will write to you/);
  const [request] = await requests();
  assert.deepEqual(
    [request?.address, request?.organisation, request?.office, request?.readers],
    ['dora@office.example', 'The Office', null, 12],
  );
  const asked: string[] = [];
  const enqueue = async (_: unknown, job: string) => void asked.push(job);
  await answerSignUps(db, {
    ...site,
    enqueue,
    secret_keys: site.config.SECRET_KEY,
    isGoogleHosted: async () => false,
  });
  const letters = await db.selectFrom('letters').selectAll().where('letter', '=', 'group-request').execute();
  assert.deepEqual(
    letters.map(({ address }) => address),
    ['daily@dome.test'],
  );
});

test('what is missing or wrong is said beside its field, and nothing is written down', async () => {
  const before = (await requests()).length;
  const answer = await post('/dome-daily/group-trial', { ...FORM, name: ' ', readers: 'many' });
  assert.equal(answer.status, 400);
  const page = await answer.text();
  assert.match(page, /&quot;many&quot; is no number of readers; expected 2 to 10,000/);
  assert.match(page, /the name is missing/i);
  assert.equal((await requests()).length, before);
});
