import type { Db } from '../../../db/connect.ts';
import type { EditionModel } from '../../../editions/model.ts';
import { fillPlate, makePlate, type PlateVariant, type ReaderBlanks } from '../../../messages/plate.ts';
import type { Writing } from './about.ts';

/** What a test is made of: kept with its letter, so that it says what stood when it was asked for. */
export type TestDetail = { model: EditionModel; variant: PlateVariant; blanks: ReaderBlanks; mark: string };

/** An edition sent to the staff to be looked at: the mail itself, its subject marked. */
export const EDITION_TEST = {
  async 'edition-test'(_: Db, { letter }: Writing) {
    const { model, variant, blanks, mark } = letter.detail as TestDetail;
    const { subject, html, text } = fillPlate(await makePlate(model, variant), blanks);
    return { subject: `[TEST ${mark}] ${subject}`, html, text };
  },
};
