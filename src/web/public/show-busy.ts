import { contactOf, type Publication } from '../../publications/publication.ts';
import type { Refusal } from '../../trials/sign-up/admission.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';

/** When it is worth another try. */
const RETRY_AFTER_SECONDS = { busy_network: 3600, busy_domain: 24 * 3600 };

/** The page for a form that is one too many from where it comes, or for the mail domain it names: it tells of no address. */
export function showBusy(
  c: Page,
  publication: Publication,
  { refusal, domain }: { refusal: Exclude<Refusal, 'disposable'>; domain: string },
): Promise<Response> {
  c.header('retry-after', String(RETRY_AFTER_SECONDS[refusal]));
  return show(c, 'busy', {
    title: 'Please come back a little later',
    publication,
    status: 429,
    text:
      refusal === 'busy_network'
        ? 'Many forms have come from your network within an hour, so we are taking no more of them just now. In an hour we will.'
        : `Many forms have come for addresses at ${domain} today, so we are taking no more of them just now. Tomorrow we will.`,
    contact: contactOf(publication),
  });
}
