import type { Db } from '../db/connect.ts';
import { proveSplice } from '../deliveries/mail/prove-splice.ts';
import type { Edition } from '../editions/edition.ts';
import { loadModel } from '../editions/load-model.ts';
import type { EditionModel } from '../editions/model.ts';
import { onlySections } from '../editions/only-sections.ts';
import { PresstimeError } from '../errors.ts';
import { makePlate, type Plate, type PlateVariant, type ReaderBlanks } from '../messages/plate.ts';
import type { Publication } from '../publications/publication.ts';
import { checkEdition, isGreen } from './checks/check.ts';
import { SAMPLE } from './checks/finding.ts';
import { redirectLinks } from './links/redirect.ts';
import { type SectionSet, setsInUse } from './section-sets.ts';

/** An edition ready for the press. */
export type MadeUp = { model: EditionModel; plates: Plate[]; sets: SectionSet[] };

const VARIANTS: PlateVariant[] = ['plain', 'strip-top', 'strip-foot'];
/** With what is hard to encode: letters of two scripts, quotes, an equals sign, a dot to begin a line with. */
const SPLICED: ReaderBlanks = {
  ...SAMPLE,
  first_name: 'J\u00f6rg "\u674e" O\u2019Neil',
  address: '.=sample.reader@sample.test',
  strip_text: '.7 = seven, <of> 10 & more.',
};
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes the plates of an edition, all variants there are, for the whole of it and for the sets of sections in use, and checks them. Where it is not green, holds
 * something that no mail can carry, or its spliced messages would not say what plainly composed ones do, what keeps it
 * is told instead. Links that are to go through our redirect are stored first, under tokens that stay the same when the
 * edition is made up again; the model keeps the addresses they lead to.
 */
export async function makeUp(
  db: Db,
  { id }: Pick<Edition, 'id'>,
  { publication, public_url, now }: { publication: Publication; public_url: string; now: Temporal.Instant },
): Promise<MadeUp | { not_green: string }> {
  try {
    const model = await loadModel(db, id, { publicUrl: public_url });
    const printed =
      publication.links === 'direct' ? model : await redirectLinks(db, id, model, { public_url });
    const profile = LOOPBACK.includes(new URL(public_url).hostname) ? 'local' : 'production';
    const sets = await setsInUse(db, publication.id);
    const plates = await makePlates(printed);
    const findings = checkEdition({ model: printed, plates, profile, targets: model });
    for (const { key, names } of sets) {
      const [apart, targets] = [onlySections(printed, names), onlySections(model, names)];
      const own = await makePlates(apart, key);
      plates.push(...own);
      findings.push(...checkEdition({ model: apart, plates: own, profile, targets }));
    }
    if (isGreen(findings)) {
      for (const plate of plates) await proveSplice(plate, publication, { at: now, blanks: SPLICED });
      return { model, plates, sets };
    }
    const grave = findings.filter(({ level }) => level !== 'warn');
    const said = new Set(grave.map(({ check, level, says }) => `${check} ${level}: ${says}`));
    return { not_green: [...said].join('; ') };
  } catch (error) {
    if (error instanceof PresstimeError && error.kind === 'invalid') return { not_green: error.message };
    throw error;
  }
}

/** One plate after the other: MJML keeps a processor busy. */
async function makePlates(model: EditionModel, apart?: string): Promise<Plate[]> {
  const plates: Plate[] = [];
  for (const variant of VARIANTS) plates.push(await makePlate(model, variant, apart));
  return plates;
}
