import type { Way } from '../../db/schema/events.ts';
import { withoutNul } from '../../json-file.ts';
import type { Returned } from '../reading/returned.ts';
import { readGeneric } from './generic.ts';
import { readMailgun } from './mailgun.ts';
import { readPostmark } from './postmark.ts';
import { readSendgrid } from './sendgrid.ts';
import { readSes } from './ses.ts';

type Reading = (text: string) => Returned[] | Promise<Returned[]>;

const READ: Partial<Record<Way, Reading>> = {
  ses: readSes,
  postmark: readPostmark,
  mailgun: readMailgun,
  sendgrid: readSendgrid,
  generic: readGeneric,
};

/** What a provider's notice tells, in our own shape; nothing for what it tells besides. Throws `invalid` for no notice of theirs. */
export async function readNotice(way: Way, raw: Buffer): Promise<Returned[]> {
  const read = READ[way];
  if (!read) throw new Error(`${way} sends no notices`);
  return read(withoutNul(raw.toString('utf8')));
}
