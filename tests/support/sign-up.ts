import type { Db } from '../../src/db/connect.ts';
import { silentLog } from '../../src/log.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { type Answering, answerSignUps } from '../../src/trials/sign-up/answer.ts';
import type { TrialRequest } from '../../src/trials/sign-up/request.ts';
import { takeSignUp } from '../../src/trials/sign-up/take.ts';
import { MONDAY, SECRET_KEYS } from './cast.ts';

/** What a sign-up form was sent, from nowhere in particular. */
export const signUpForm = (address: string, over: Partial<TrialRequest> = {}): TrialRequest => ({
  address,
  first_name: null,
  wording_id: 'free-trial-1',
  form_url: 'https://dome.test/',
  ip: null,
  user_agent: null,
  ...over,
});

/** The sign-up of a publication on the cast's Monday: `post` takes a form in, `answer` does what follows in the background. */
export function openSignUp(db: Db, publication: Publication, over: Partial<Answering> = {}) {
  return {
    post: (address: string, form: Partial<TrialRequest> = {}, now = MONDAY) =>
      takeSignUp(db, publication, signUpForm(address, form), { now }),
    answer: (now = MONDAY) =>
      answerSignUps(db, {
        clock: { now: () => now },
        log: silentLog(),
        enqueue: async () => {},
        secret_keys: SECRET_KEYS,
        isGoogleHosted: async () => false,
        ...over,
      }),
  };
}
