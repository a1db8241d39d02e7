import { conflict, PresstimeError } from '../../../src/errors.ts';
import { releaseSuppression } from '../../../src/events/release.ts';
import { takeReturned } from '../../../src/events/take-returned.ts';
import type { Program } from '../../../src/program.ts';
import type { Publication } from '../../../src/publications/publication.ts';
import type { Act } from '../../../src/rehearsal/act.ts';
import { parseAddress } from '../../../src/subscribers/address.ts';
import { findSubscriber } from '../../../src/subscribers/subscriber.ts';
import { askForMore } from '../../../src/trials/course/ask-for-more.ts';
import { extendTrial } from '../../../src/trials/course/extend.ts';
import { reopenTrial } from '../../../src/trials/course/reopen.ts';
import { startGrace } from '../../../src/trials/course/start-grace.ts';
import { leave } from '../../../src/trials/ending/leave.ts';
import { rejoin } from '../../../src/trials/ending/rejoin.ts';
import { pause } from '../../../src/trials/pausing/pause.ts';
import { resume } from '../../../src/trials/pausing/resume.ts';
import { givePaid } from '../../../src/trials/rights/give-paid.ts';
import { confirmTrial } from '../../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../../src/trials/sign-up/request.ts';
import { findTrial } from '../../../src/trials/trial.ts';
import type { Life, LifeAct } from '../reader-model/life.ts';
import { bounce, complaint } from '../returned.ts';
import type { ReadersServer } from './mail-server.ts';

/** Where lives are acted out. `answers`: by reader, what each act was answered. */
export type Stage = { publication: Publication; server: ReadersServer; answers: Map<string, string[]> };

export const addressOf = ({ name }: Pick<Life, 'name'>): string => `${name}@readers.test`;

/** The acts of a life, through the verbs that pages, the desk and returned mail call. */
export function actOut(stage: Stage, life: Life): Act[] {
  const answers: string[] = [];
  stage.answers.set(life.name, answers);
  return life.acts.map((act, place) => {
    const at = Temporal.Instant.fromEpochMilliseconds(act.at);
    return {
      at,
      happen: async (program) => {
        const scene = { ...stage, program, address: addressOf(life), now: at, key: `act ${place}` };
        answers.push(await answer(scene, act));
      },
    };
  });
}

const proofOf = ({ site_url }: Publication) => ({
  wording_id: 'lives',
  form_url: site_url,
  ip: null,
  user_agent: null,
});

type Scene = Stage & { program: Program; address: string; now: Temporal.Instant; key: string };

/** What the program refuses, as who asks was told. */
async function answer(scene: Scene, act: LifeAct): Promise<string> {
  try {
    return await perform(scene, act);
  } catch (error) {
    if (error instanceof PresstimeError && error.kind !== 'unavailable') return 'refused';
    throw error;
  }
}

async function perform(scene: Scene, act: LifeAct): Promise<string> {
  const { program, publication, address, now, key } = scene;
  const { db, secret_keys: secretKeys } = program;
  if (act.do === 'mailbox dies' || act.do === 'mailbox works') {
    scene.server.dead[act.do === 'mailbox dies' ? 'add' : 'delete'](address);
    return 'noted';
  }
  if (act.do === 'request') {
    const request = { ...proofOf(publication), address, first_name: null };
    return (await requestTrial(db, publication, request, { now, secretKeys })).outcome;
  }
  if (act.do === 'pay') {
    const ends_at = act.days === undefined ? null : now.add({ hours: 24 * act.days });
    const paid = { address, first_name: null, reference: key, ends_at };
    return (await givePaid(db, publication, paid, { now, secretKeys })).outcome;
  }
  const reader = await findSubscriber(db, parseAddress(address), { secretKeys });
  return reader ? asReader(scene, act, reader.id) : 'nobody';
}

async function asReader(scene: Scene, act: LifeAct, readerId: number): Promise<string> {
  const { program, publication, address, now } = scene;
  const { db, secret_keys: secretKeys } = program;
  switch (act.do) {
    case 'pause': {
      const resume_on = Temporal.PlainDate.from(act.until);
      return (await pause(db, readerId, publication.id, { resume_on, now, actor: 'reader' })).outcome;
    }
    case 'resume':
      return (await resume(db, readerId, publication.id, { now, actor: 'reader' })).outcome;
    case 'leave':
      return (await leave(db, readerId, publication.id, { now, how: 'page' })).outcome;
    case 'rejoin':
      return (await rejoin(db, readerId, publication.id, { now, ...proofOf(publication) })).outcome;
    case 'release':
      await releaseSuppression(db, address, { now, actor: 'desk', reason: 'it works again', secretKeys });
      return 'done';
    case 'comes back':
    case 'complain':
      return comeBack(scene, act, readerId);
    default:
      return steer(scene, act, readerId);
  }
}

/** What is done to the reader's newest trial. */
async function steer(
  { program: { db }, publication, now, key }: Scene,
  act: LifeAct,
  readerId: number,
): Promise<string> {
  const trial = await findTrial(db, { subscriber_id: readerId, publication_id: publication.id });
  if (!trial) return 'nothing';
  const staff = { now, actor: 'desk', reason: 'as drawn', idem_key: key };
  switch (act.do) {
    case 'confirm':
      return (
        await confirmTrial(db, trial.id, { now, marketing: act.marketing ? proofOf(publication) : undefined })
      ).outcome;
    case 'ask for more':
      return (await askForMore(db, trial.id, { now })).outcome;
    case 'extend':
      await extendTrial(db, trial.id, { ...staff, editions: act.editions });
      return 'done';
    case 'reopen':
      await reopenTrial(db, trial.id, { ...staff, editions: act.editions });
      return 'done';
    case 'grace':
      await startGrace(db, trial.id, { ...staff, editions: act.editions, why: 'courtesy' });
      return 'done';
    default:
      throw conflict(`${act.do} is nothing that is done to a trial`);
  }
}

/** The mail that a server sends back about an edition that it took; it is read when the program looks next. */
async function comeBack(
  { program, publication, address, now }: Scene,
  act: Extract<LifeAct, { edition: string }>,
  readerId: number,
): Promise<string> {
  const { db, return_paths } = program;
  const delivery = await db
    .selectFrom('audience as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .innerJoin('editions as e', 'e.id', 'r.edition_id')
    .innerJoin('outcomes as o', (join) =>
      join.onRef('o.run_id', '=', 'a.run_id').onRef('o.seq', '=', 'a.seq'),
    )
    .select(['a.run_id', 'a.seq'])
    .where('a.subscriber_id', '=', readerId)
    .where('e.edition_on', '=', Temporal.PlainDate.from(act.edition))
    .where('o.status', '=', 'accepted')
    .executeTakeFirst();
  if (!delivery) return 'nothing';
  const sent_to = return_paths.address(delivery, publication.from_address.split('@')[1] as string);
  const told = { to: address, path: sent_to };
  const raw =
    act.do === 'complain'
      ? complaint(delivery, told)
      : bounce(delivery, [told], { ...told, mark: String(now) });
  await takeReturned(db, { way: 'smtp', form: 'mail', raw, sent_to }, { now, enqueue: async () => {} });
  return 'taken';
}
