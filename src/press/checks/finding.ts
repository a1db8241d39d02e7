import type { EditionModel } from '../../editions/model.ts';
import type { Plate, ReaderBlanks } from '../../messages/plate.ts';
import type { Facts } from './facts.ts';

/**
 * What a check found, and where it is mended. `block` keeps an edition from going to press, `hold` until an approver says
 * why it may; `warn` is only shown.
 */
export type Finding = {
  check: string;
  level: 'block' | 'hold' | 'warn';
  says: string;
  at?: { article_id?: number; field?: string };
};
/** On this machine alone links may lead to it, and need no https; neither there nor in a rehearsal is an audience judged. */
export type Profile = 'production' | 'local' | 'rehearsal';

/** What an edition is checked with: all its plates, filled for a sample reader. */
export type Checked = {
  /** What the plates were made from: its links as readers see them. */
  model: EditionModel;
  plates: Plate[];
  profile: Profile;
  /** The same with the addresses that its links lead to, where readers see redirects of ours instead. */
  targets?: EditionModel;
  /** What the database knows; without it only what stands in the edition is checked. */
  facts?: Facts;
  /** Words that an editor wrote, each with its field. */
  words?: { article_id?: number; field: string; text: string }[];
  /** A person asks for it to go now, whatever the calendar says. */
  by_hand?: boolean;
};

/** Words and links that nobody else's are, so that their absence is seen. */
export const SAMPLE: ReaderBlanks = {
  first_name: 'Samplename',
  address: 'sample.reader@sample.test',
  why: 'You see this as the sample reader.',
  strip_text: 'Sample edition 7 of 10.',
  subscribe_url: 'https://sample.test/subscribe',
  manage_url: 'https://sample.test/manage',
  pause_url: 'https://sample.test/pause',
  unsubscribe_url: 'https://sample.test/unsubscribe',
  view_url: 'https://sample.test/view',
};
