import { isDeepStrictEqual } from 'node:util';
import type { ParsedMail } from 'mailparser';
import { invalid } from '../../errors.ts';
import { fillPlate, type Plate, type ReaderBlanks } from '../../messages/plate.ts';
import type { Publication } from '../../publications/publication.ts';
import { composeMail } from './compose-mail.ts';
import { senderOf } from './make-mail.ts';
import { sampleMail, sampleReader } from './sample-mail.ts';

/**
 * Makes sure, before an edition leaves, that the spliced messages of a plate say what plainly composed ones would: one
 * of each is made for the reader of `blanks`, and both are parsed and compared. Throws `invalid` naming what differs.
 */
export async function proveSplice(
  plate: Plate,
  publication: Publication,
  { at, blanks }: { at: Temporal.Instant; blanks: ReaderBlanks },
): Promise<void> {
  const sender = { ...senderOf(publication), bulk: true };
  const reader = sampleReader(publication, blanks, at);
  const list = { ...sender.list, ...reader.list };
  const plain = await composeMail({ ...sender, ...reader, list, ...fillPlate(plate, blanks) });
  const spliced = sampleMail(plate, publication, { at, blanks });
  const different = await findDifferences(plain, spliced);
  if (different.length > 0)
    throw invalid(
      `the plate ${plate.variant} cannot be spliced: ${different.join(', ')} would differ from a plainly composed message`,
    );
}

/** What two messages do not say alike, once parsed: fields of the header, or parts; nothing where they are equal. */
export async function findDifferences(one: Buffer, other: Buffer): Promise<string[]> {
  const [first, second] = [said(await parse(one)), said(await parse(other))];
  return [...new Set([...first.keys(), ...second.keys()])].filter(
    (name) => !isDeepStrictEqual(first.get(name), second.get(name)),
  );
}

/** Nothing added, guessed or turned into links: what the bytes say. */
async function parse(raw: Buffer): Promise<ParsedMail> {
  const { simpleParser } = await import('mailparser');
  return simpleParser(raw, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
  });
}

/** What a reader's program makes of a message: every field of its header, but for the boundary, and the parts. */
function said(mail: ParsedMail): Map<string, unknown> {
  const fields = new Map<string, unknown>(mail.headers);
  const type = mail.headers.get('content-type');
  fields.set('content-type', typeof type === 'object' && 'value' in type ? type.value : type);
  const names = mail.headerLines.map(({ key }) => key).sort();
  return new Map<string, unknown>([
    ...fields,
    ['the names of the header', names],
    ['the text', mail.text],
    ['the HTML', mail.html],
    ['what is attached', mail.attachments],
  ]);
}
