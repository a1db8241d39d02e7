import { webAddress } from '../words/web-address.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';

/** `works_until`: until when the link works, as words. */
export type SignInData = LetterData & { sign_in_url: string; works_until: string };
export type NewPasswordData = LetterData & { new_password_url: string; works_until: string };
/** `changed_at`: when it was changed, as words. */
export type PasswordChangedData = LetterData & { changed_at: string; forgot_password_url: string };

/** Carries the link to sign in with. */
export function signInLetter(data: SignInData): Promise<LetterContent> {
  return renderLetter('sign-in', data, {
    preheader: 'One press of a button, and you are signed in. It works once.',
    sign_in_url: webAddress(data.sign_in_url, 'sign_in_url'),
    works_until: data.works_until,
  });
}

/** Carries the link to set a new password with. */
export function newPasswordLetter(data: NewPasswordData): Promise<LetterContent> {
  return renderLetter('new-password', data, {
    preheader: 'Choose a new password. Until you do, the old one stays.',
    new_password_url: webAddress(data.new_password_url, 'new_password_url'),
    works_until: data.works_until,
  });
}

/** Tells that a password was set or changed, and what to do where it was somebody else. */
export function passwordChangedLetter(data: PasswordChangedData): Promise<LetterContent> {
  return renderLetter('password-changed', data, {
    preheader: 'If that was you, there is nothing to do.',
    changed_at: data.changed_at,
    forgot_password_url: webAddress(data.forgot_password_url, 'forgot_password_url'),
  });
}
