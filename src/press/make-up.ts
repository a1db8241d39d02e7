import type { Db } from '../db/connect.ts';
import type { Edition } from '../editions/edition.ts';
import { loadModel } from '../editions/load-model.ts';
import type { EditionModel } from '../editions/model.ts';
import { PresstimeError } from '../errors.ts';
import { makePlate, type Plate, type PlateVariant } from '../messages/plate.ts';
import type { Publication } from '../publications/publication.ts';
import { checkEdition, isGreen } from './checks/check.ts';
import { redirectLinks } from './links/redirect.ts';

/** An edition ready for the press. */
export type MadeUp = { model: EditionModel; plates: Plate[] };

const VARIANTS: PlateVariant[] = ['plain', 'strip-top', 'strip-foot'];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes the plates of an edition, all variants there are, and checks them. Where it is not green, or holds something
 * that no mail can carry, what keeps it is told instead. Links that are to go through our redirect are stored first,
 * under tokens that stay the same when the edition is made up again; the model keeps the addresses they lead to.
 */
export async function makeUp(
  db: Db,
  { id }: Pick<Edition, 'id'>,
  { public_url, links }: { public_url: string; links: Publication['links'] },
): Promise<MadeUp | { not_green: string }> {
  try {
    const model = await loadModel(db, id, { publicUrl: public_url });
    const printed = links === 'direct' ? model : await redirectLinks(db, id, model, { public_url });
    const plates: Plate[] = [];
    for (const variant of VARIANTS) plates.push(await makePlate(printed, variant));
    const profile = LOOPBACK.includes(new URL(public_url).hostname) ? 'local' : 'production';
    const findings = checkEdition({ model: printed, plates, profile, targets: model });
    if (isGreen(findings)) return { model, plates };
    const grave = findings.filter(({ level }) => level !== 'warn');
    return { not_green: grave.map(({ check, level, says }) => `${check} ${level}: ${says}`).join('; ') };
  } catch (error) {
    if (error instanceof PresstimeError && error.kind === 'invalid') return { not_green: error.message };
    throw error;
  }
}
