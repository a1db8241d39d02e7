import { Hono } from 'hono';
import { endChange, findChangeBySecret } from '../../accounts/address/address-change.ts';
import { answerAddressChange, type ChangeOutcome } from '../../accounts/address/answer-change.ts';
import { type AskOutcome, askAddressChange } from '../../accounts/address/ask-change.ts';
import { hashOfSecret } from '../../accounts/library/auth.ts';
import { routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import { meansOf, requireAccount } from '../request/account.ts';
import { complaint, readForm } from '../request/form.ts';
import { sendLettersSoon } from '../request/letters.ts';
import { hasRepeated } from '../request/token.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { type Came, showAccount } from './show-account.ts';

/** A reader's way to another address: asked for on their account, agreed to by the links of two letters. */
export const address = new Hono<Env>();

address.post(routes.accountAddress, async (c) => {
  const holder = await requireAccount(c);
  const { db, clock } = c.var.site;
  const { new_address = '', password = '', withdraw } = await readForm(c);
  if (withdraw) {
    await endChange(db, holder.subscriber.id, 'withdrawn', { now: clock.now() });
    return showAccount(c, holder, { done: 'Your address stays as it is. The links we sent work no more.' });
  }
  const wrong = complaint(() => parseAddress(new_address));
  if (wrong !== null) return showAccount(c, holder, { new_address, wrong: { new_address: wrong } });
  const proof = { password, cookie: c.req.header('cookie') ?? '' };
  const outcome = await askAddressChange(db, holder, { address: new_address, proof, ...meansOf(c) });
  if (outcome !== 'asked') return showAccount(c, holder, { new_address, wrong: REFUSED[outcome] });
  await sendLettersSoon(c);
  return showAccount(c, holder, { done: 'Two letters are on their way: one to each address.' });
});

const REFUSED: Record<Exclude<AskOutcome, 'asked'>, NonNullable<Came['wrong']>> = {
  same: { new_address: 'That is the address you have.' },
  disposable: { new_address: 'This is an address for one use. Please give one that stays yours.' },
  too_often: { new_address: 'You have asked for this often today. Please try again tomorrow.' },
  wrong: { address_password: 'This is not your password.' },
  too_many: { address_password: 'Too many tries. Wait a quarter of an hour before the next.' },
  stale: { new_address: 'You signed in a while ago. Sign out, sign in again by a link, and come back here.' },
};

address.get(routes.newAddress, async (c) => {
  const { db, clock } = c.var.site;
  const found = hasRepeated(c)
    ? undefined
    : await findChangeBySecret(db, hashOfSecret(c.req.param('token')), { now: clock.now() });
  if (!found) return showAnswer(c, 'gone');
  const { change, side } = found;
  const from = side === 'old' ? (await requireSubscriber(db, change.subscriber_id)).address : null;
  return show(c, 'new-address', {
    title: side === 'old' ? 'May your mail go to another address?' : 'Is this your address?',
    action: c.req.path,
    old_address: from,
    new_address: change.new_address,
    agreed: (side === 'old' ? change.approved_at : change.confirmed_at) !== null,
  });
});

address.post(routes.newAddress, async (c) => {
  const { answer } = await readForm(c);
  const asked = { secret: c.req.param('token'), yes: answer === 'yes' };
  const { outcome, side } = await answerAddressChange(c.var.site.db, asked, meansOf(c));
  if (outcome === 'changed') await sendLettersSoon(c);
  return showAnswer(c, outcome === 'stopped' && side === 'old' ? 'stopped_by_old' : outcome);
});

const ANSWERS: Record<ChangeOutcome | 'stopped_by_old', { title: string; text: string }> = {
  waits: {
    title: 'Thank you. One more to go',
    text: 'The other address has to agree as well, within 72 hours of when it was asked for. Until then everything stays as it is.',
  },
  changed: {
    title: 'Your address is changed',
    text: 'Both addresses have agreed. Your mail goes to the new one from now on, and it is the one to sign in with.',
  },
  stopped: { title: 'Nothing is changed', text: 'We have put it aside, and write about it no more.' },
  stopped_by_old: {
    title: 'Stopped. Nothing is changed',
    text: 'Every browser that was signed in to your account is signed out. If you use a password, choose a new one now: somebody may know the old one.',
  },
  taken: {
    title: 'This address has its own subscription',
    text: 'It belongs to another reader here, perhaps to yourself: sign in with it to see. Two subscriptions cannot be made one by this way, so nothing is changed.',
  },
  gone: {
    title: 'This link does not work any more',
    text: 'It works for 72 hours, until the change is made or called off. Nothing has been changed now. You may ask anew on your account.',
  },
};

function showAnswer(c: Page, outcome: keyof typeof ANSWERS): Promise<Response> {
  return show(c, 'new-address-answered', {
    ...ANSWERS[outcome],
    status: outcome === 'gone' ? 410 : outcome === 'taken' ? 409 : 200,
    account_url: routes.account,
    forgot_url: outcome === 'stopped_by_old' ? routes.forgotPassword : null,
  });
}
