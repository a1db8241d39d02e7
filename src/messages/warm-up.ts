import type { EditionModel } from '../editions/model.ts';
import { makePlate } from './plate.ts';

const NOTHING: EditionModel = {
  publication: {
    ...{ slug: 'warm-up', name: 'Warm-up', tagline: '', lang: 'en', dir: 'ltr', privacy_url: null },
    ...{
      site_url: 'https://warm-up.invalid/',
      postal_address: 'Nowhere',
      corrections_address: 'nobody@warm-up.invalid',
    },
  },
  ...{
    date: '2026-01-01',
    number: 1,
    layout: 'light',
    subject: 'Nothing',
    preheader: 'Nothing',
    since: null,
  },
  ...{ editors_line: null, lead: null, top: [], sections: [], briefs: [], comment: null },
};

/** Loads and compiles what makes mails up, which takes most of a second, before anybody waits for the first. */
export async function warmUp(): Promise<void> {
  await makePlate(NOTHING, 'plain');
}
