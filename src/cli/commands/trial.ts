import { requireReason } from '../../audit/reason.ts';
import type { Db } from '../../db/connect.ts';
import { invalid } from '../../errors.ts';
import type { Program } from '../../program.ts';
import type { Publication } from '../../publications/publication.ts';
import { findPause } from '../../subscribers/hold.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { endByStaff } from '../../trials/course/end-by-staff.ts';
import { extendTrial } from '../../trials/course/extend.ts';
import { reopenTrial } from '../../trials/course/reopen.ts';
import type { StaffAct } from '../../trials/course/staff-act.ts';
import { startGrace } from '../../trials/course/start-grace.ts';
import { pause } from '../../trials/pausing/pause.ts';
import { resume } from '../../trials/pausing/resume.ts';
import { requestTrial } from '../../trials/sign-up/request.ts';
import { findTrial, type Trial } from '../../trials/trial.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print } from '../command.ts';
import { findPublication, parseDate } from '../publication.ts';
import { actorHere, findReader, findTrialOf } from '../reader.ts';
import { withProgram } from '../with-program.ts';

/** One thing that may be done to a reader's trial. */
type Doing = {
  db: Db;
  reader: Subscriber;
  publication: Publication;
  act: StaffAct;
  /** What follows the verb: a number of editions, or a date. */
  word: string | undefined;
  override: boolean;
};

const VERBS: Record<string, (doing: Doing) => Promise<unknown>> = {
  extend: async (doing) =>
    extendTrial(doing.db, await trialId(doing), {
      ...doing.act,
      editions: editions(doing.word),
      override: doing.override,
    }),
  reopen: async (doing) =>
    reopenTrial(doing.db, await trialId(doing), { ...doing.act, editions: editions(doing.word) }),
  grace: async (doing) =>
    startGrace(doing.db, await trialId(doing), {
      ...doing.act,
      editions: editions(doing.word),
      why: 'courtesy',
    }),
  cancel: async (doing) => endByStaff(doing.db, await trialId(doing), { ...doing.act, how: 'cancelled' }),
  abuse: async (doing) => endByStaff(doing.db, await trialId(doing), { ...doing.act, how: 'abused' }),
  void: async (doing) => endByStaff(doing.db, await trialId(doing), { ...doing.act, how: 'voided' }),
  pause: ({ db, reader, publication, act, word = '' }) =>
    pause(db, reader.id, publication.id, { ...act, resume_on: parseDate(word, 'until') }),
  resume: ({ db, reader, publication, act }) => resume(db, reader.id, publication.id, act),
};

/** Asks for a trial in somebody's name, whatever their mail domain: they still confirm it themselves, by the letter. */
async function startFor(
  { db, secret_keys: secretKeys, isGoogleHosted }: Program,
  publication: Publication,
  { address, act }: { address: string; act: StaffAct },
): Promise<string> {
  const form = { wording_id: 'asked of the newsroom', form_url: 'presstime trial start' };
  const request = { ...form, address, first_name: null, ip: null, user_agent: null };
  const { now, actor, reason } = act;
  const by = { actor, reason };
  const { outcome } = await requestTrial(db, publication, request, { now, secretKeys, isGoogleHosted, by });
  return outcome === 'requested'
    ? 'asked by a letter to confirm'
    : 'has a trial, a subscription or a request already';
}

export const trialCommand: Command = {
  about: "Changes the course of a reader's trial; who did it and why is kept.",
  usage: `<address> <start|${Object.keys(VERBS).join('|')}> [editions or date] --reason "…" [--publication slug] [--json]`,
  words: 3,
  options: {
    reason: { type: 'string', about: 'why, for the audit' },
    override: { type: 'boolean', about: 'beyond the limits of an extension' },
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program }) => {
      const { db, clock, secret_keys } = program;
      const [address, verb = '', word] = args.words;
      const work = VERBS[verb];
      if (!work && verb !== 'start')
        throw invalid(
          `"${verb}" is nothing to do to a trial; expected start, ${Object.keys(VERBS).join(', ')}`,
        );
      const publication = await findPublication(db, args);
      const now = clock.now();
      const reason = requireReason(String(args.options.reason ?? ''), `to ${verb}`);
      const act = { now, actor: actorHere(), reason, idem_key: `command ${verb} ${now}` };
      if (!work) {
        const outcome = await startFor(program, publication, { address: address ?? '', act });
        print(args, { address, outcome }, () => `${address}: ${outcome}`);
        return 0;
      }
      const reader = await findReader(db, address, secret_keys);
      await work({ db, reader, publication, act, word, override: args.options.override === true });
      const on = { subscriber_id: reader.id, publication_id: publication.id };
      const [trial, pause] = [await findTrial(db, on), await findPause(db, on)];
      const paused_until = pause?.resume_on ?? null;
      print(args, { address: reader.address, trial: trial ?? null, paused_until }, () =>
        [
          `${reader.address}: ${trial ? standing(trial) : 'no trial'}`,
          ...(paused_until ? [`paused until ${paused_until}`] : []),
        ].join(', '),
      );
      return 0;
    }),
};

const standing = ({ state, consumed, allowance, hard_stop_on }: Trial): string =>
  `${state}, ${consumed} of ${allowance} editions, last date ${hard_stop_on ?? 'none'}`;

const trialId = async ({ db, reader, publication }: Doing): Promise<number> =>
  (await findTrialOf(db, reader, publication)).id;

function editions(word: string | undefined): number {
  if (word !== undefined && /^\d+$/.test(word)) return Number(word);
  throw invalid(`"${word ?? ''}" is no number of editions; expected such as 5`);
}
