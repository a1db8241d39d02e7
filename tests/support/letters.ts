import {
  newPasswordLetter,
  passwordChangedLetter,
  signInLetter,
} from '../../src/messages/letters/account.ts';
import {
  addressApproveLetter,
  addressChangedLetter,
  addressConfirmLetter,
} from '../../src/messages/letters/address.ts';
import { addressFailingLetter } from '../../src/messages/letters/address-failing.ts';
import { convertedLetter } from '../../src/messages/letters/converted.ts';
import { deskCallLetter } from '../../src/messages/letters/desk-call.ts';
import { groupRequestLetter } from '../../src/messages/letters/group-request.ts';
import { invoiceRequestLetter } from '../../src/messages/letters/invoice-request.ts';
import type { LetterContent } from '../../src/messages/letters/letter.ts';
import { pausedLetter, resumedLetter } from '../../src/messages/letters/pause.ts';
import { confirmLetter, welcomeLetter } from '../../src/messages/letters/sign-up.ts';
import {
  trialEndedLetter,
  trialEndingLetter,
  trialExtendedLetter,
  trialMidwayLetter,
  trialValueLetter,
} from '../../src/messages/letters/trial.ts';
import { winBackLetter } from '../../src/messages/letters/win-back.ts';
import { type Samples, sampleLetter } from './letter-data.ts';

/** Every letter made from its sample. */
export const SAMPLE_LETTERS: { [name in keyof Samples]: () => Promise<LetterContent> } = {
  confirm: () => confirmLetter(sampleLetter('confirm')),
  welcome: () => welcomeLetter(sampleLetter('welcome')),
  'trial-value': () => trialValueLetter(sampleLetter('trial-value')),
  'trial-midway': () => trialMidwayLetter(sampleLetter('trial-midway')),
  'trial-ending': () => trialEndingLetter(sampleLetter('trial-ending')),
  'trial-ended': () => trialEndedLetter(sampleLetter('trial-ended')),
  'trial-extended': () => trialExtendedLetter(sampleLetter('trial-extended')),
  'invoice-request': () => invoiceRequestLetter(sampleLetter('invoice-request')),
  converted: () => convertedLetter(sampleLetter('converted')),
  'win-back': () => winBackLetter(sampleLetter('win-back')),
  paused: () => pausedLetter(sampleLetter('paused')),
  resumed: () => resumedLetter(sampleLetter('resumed')),
  'sign-in': () => signInLetter(sampleLetter('sign-in')),
  'new-password': () => newPasswordLetter(sampleLetter('new-password')),
  'password-changed': () => passwordChangedLetter(sampleLetter('password-changed')),
  'address-approve': () => addressApproveLetter(sampleLetter('address-approve')),
  'address-confirm': () => addressConfirmLetter(sampleLetter('address-confirm')),
  'address-changed': () => addressChangedLetter(sampleLetter('address-changed')),
  'address-failing': () => addressFailingLetter(sampleLetter('address-failing')),
  'group-request': () => groupRequestLetter(sampleLetter('group-request')),
  'desk-call': () => deskCallLetter(sampleLetter('desk-call')),
};
