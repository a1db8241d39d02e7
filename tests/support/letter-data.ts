import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfirmData, WelcomeData } from '../../src/messages/letters/sign-up.ts';
import type { TrialEndedData, TrialEndingData } from '../../src/messages/letters/trial.ts';

type Samples = {
  confirm: ConfirmData;
  welcome: WelcomeData;
  'trial-ending': TrialEndingData;
  'trial-ended': TrialEndedData;
};

/** The data of a letter's sample, fresh at each call. */
export function sampleLetter<Name extends keyof Samples>(name: Name): Samples[Name] {
  const path = join(import.meta.dirname, '../../templates/email', name, 'sample.json');
  return JSON.parse(readFileSync(path, 'utf8'));
}
