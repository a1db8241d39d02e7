import type { Db } from '../db/connect.ts';
import { sampleMail } from '../deliveries/mail/sample-mail.ts';
import type { Fetch } from '../feeds/fetch.ts';
import type { Publication } from '../publications/publication.ts';
import { askAddresses } from './checks/addresses/ask.ts';
import { addressesOf, checkAnswers, checkPictureAnswers } from './checks/addresses/check-addresses.ts';
import { byWeight } from './checks/check.ts';
import { type Authentication, checkAuthentication } from './checks/check-authentication.ts';
import { checkOneClick, type OneClick } from './checks/check-one-click.ts';
import { couldNotCheck } from './checks/could-not.ts';
import { type Finding, SAMPLE } from './checks/finding.ts';
import { type JudgeSpam, spamFindings } from './checks/spam.ts';
import type { Examined } from './examine.ts';

/** What the checks ask that is not in the edition itself; what is missing is not asked. */
export type Outside = {
  /** How receivers know us (P04). */
  authentication?: Authentication | undefined;
  /** Where links lead, and pictures come from (P05, P08). */
  fetch?: Fetch | undefined;
  /** Whether the mail can be left with one click (P02). */
  one_click?: OneClick | undefined;
  /** SpamAssassin, where it is installed (P19). */
  spam?: JudgeSpam | undefined;
};

/** The checks that ask outside, and so are not made on each save. */
export const ASKED_OUTSIDE = ['P02', 'P04', 'P05', 'P08', 'P19'];

/** What the checks find that ask DNS, servers and programs; what could not be asked is a finding too, never green. */
export async function lookOutside(
  db: Db,
  { model, plates }: Pick<Examined, 'model' | 'plates'>,
  publication: Publication,
  { authentication, fetch, one_click, spam, now }: Outside & { now: Temporal.Instant },
): Promise<Finding[]> {
  const [plate] = plates.toSorted((a, b) => b.html_bytes - a.html_bytes);
  if (!plate) return [];
  const checks: [string, (() => Promise<Finding[]>) | undefined][] = [
    ['P04', authentication && (() => checkAuthentication(publication.from_address, authentication))],
    ['P02', one_click && (() => checkOneClick(plate, publication, one_click, now))],
    [
      'P05',
      fetch &&
        (async () => {
          const answers = await askAddresses(db, addressesOf(model), { fetch, now });
          return [...checkAnswers(model, answers), ...checkPictureAnswers(model, answers)];
        }),
    ],
    [
      'P19',
      spam &&
        (async () => spamFindings(await spam(sampleMail(plate, publication, { at: now, blanks: SAMPLE })))),
    ],
  ];
  const found = await Promise.all(
    checks.map(([name, check]) => check?.().catch((error: unknown) => [couldNotCheck(name, error)]) ?? []),
  );
  return byWeight(found.flat());
}
