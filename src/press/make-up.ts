import type { Db } from '../db/connect.ts';
import { proveSplice } from '../deliveries/mail/prove-splice.ts';
import type { Edition } from '../editions/edition.ts';
import { PresstimeError } from '../errors.ts';
import type { ReaderBlanks } from '../messages/plate.ts';
import { isGreen } from './checks/check.ts';
import { SAMPLE } from './checks/finding.ts';
import { isOverridden } from './checks/override.ts';
import { type Examined, type Examining, examine } from './examine.ts';
import { examineWhole } from './examine-whole.ts';
import type { Outside } from './look-outside.ts';

/** An edition ready for the press. */
export type MadeUp = Omit<Examined, 'findings' | 'sizes'>;

/** How it is made up: `overrides`: what an approver has let pass, by `keyOf`; `outside`: what is asked first, where anything is. */
type MakingUp = Examining & { overrides?: Record<string, string>; outside?: Outside | undefined };

/** With what is hard to encode: letters of two scripts, quotes, an equals sign, a dot to begin a line with. */
const SPLICED: ReaderBlanks = {
  ...SAMPLE,
  first_name: 'J\u00f6rg "\u674e" O\u2019Neil',
  address: '.=sample.reader@sample.test',
  strip_text: '.7 = seven, <of> 10 & more.',
};

/**
 * Makes the plates of an edition and checks them. Where it is not green, holds something that no mail can carry, or its
 * spliced messages would not say what plainly composed ones do, what keeps it is told instead. Links that are to go through
 * our redirect are stored first, under tokens that stay the same when the edition is made up again; the model keeps the
 * addresses they lead to.
 */
export async function makeUp(
  db: Db,
  edition: Edition,
  { overrides = {}, outside, ...examining }: MakingUp,
): Promise<MadeUp | { not_green: string }> {
  try {
    const looking = { ...examining, store: true };
    const { findings, ...made } = outside
      ? await examineWhole(db, edition, { ...looking, outside, stage: 'press' })
      : await examine(db, edition, looking);
    const grave = findings.filter((finding) => finding.level !== 'warn' && !isOverridden(finding, overrides));
    if (!isGreen(grave))
      return { not_green: grave.map(({ check, level, says }) => `${check} ${level}: ${says}`).join('; ') };
    for (const plate of made.plates)
      await proveSplice(plate, examining.publication, { at: examining.now, blanks: SPLICED });
    return made;
  } catch (error) {
    if (error instanceof PresstimeError && error.kind === 'invalid') return { not_green: error.message };
    throw error;
  }
}
