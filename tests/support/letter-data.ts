import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewPasswordData, PasswordChangedData, SignInData } from '../../src/messages/letters/account.ts';
import type {
  AddressApproveData,
  AddressChangedData,
  AddressConfirmData,
} from '../../src/messages/letters/address.ts';
import type { AddressFailingData } from '../../src/messages/letters/address-failing.ts';
import type { ConvertedData } from '../../src/messages/letters/converted.ts';
import type { DeskCallData } from '../../src/messages/letters/desk-call.ts';
import type { GroupRequestData } from '../../src/messages/letters/group-request.ts';
import type { InvoiceRequestData } from '../../src/messages/letters/invoice-request.ts';
import type { PausedData, ResumedData } from '../../src/messages/letters/pause.ts';
import type { ConfirmData, WelcomeData } from '../../src/messages/letters/sign-up.ts';
import type {
  TrialEndedData,
  TrialEndingData,
  TrialExtendedData,
  TrialMidwayData,
  TrialValueData,
} from '../../src/messages/letters/trial.ts';
import type { WinBackData } from '../../src/messages/letters/win-back.ts';

export type Samples = {
  confirm: ConfirmData;
  welcome: WelcomeData;
  'trial-ending': TrialEndingData;
  'trial-ended': TrialEndedData;
  'sign-in': SignInData;
  'new-password': NewPasswordData;
  'password-changed': PasswordChangedData;
  'address-approve': AddressApproveData;
  'address-confirm': AddressConfirmData;
  'address-changed': AddressChangedData;
  'trial-value': TrialValueData;
  'trial-midway': TrialMidwayData;
  'trial-extended': TrialExtendedData;
  converted: ConvertedData;
  'invoice-request': InvoiceRequestData;
  'win-back': WinBackData;
  paused: PausedData;
  resumed: ResumedData;
  'address-failing': AddressFailingData;
  'group-request': GroupRequestData;
  'desk-call': DeskCallData;
};

/** The data of a letter's sample, fresh at each call. */
export function sampleLetter<Name extends keyof Samples>(name: Name): Samples[Name] {
  const path = join(import.meta.dirname, '../../templates/email', name, 'sample.json');
  return JSON.parse(readFileSync(path, 'utf8'));
}
