import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../src/db/connect.ts';
import type { EditionState } from '../../src/db/schema/editions.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { cutoffAt, pressAt, staleAt } from '../../src/publications/calendar.ts';
import type { Publication } from '../../src/publications/publication.ts';

const SAMPLE = join(import.meta.dirname, '../../templates/email/edition/sample.json');

/** The edition that the e-mail's template is shown with. */
export const sampleModel = (): EditionModel => JSON.parse(readFileSync(SAMPLE, 'utf8')).model;

/** Writes an edition of `date` as press leaves it, in the words of the sample; returns its id. */
export async function seedEdition(
  db: Db,
  publication: Publication,
  date: string,
  { state = 'pressed', ...over }: Partial<EditionModel> & { state?: EditionState } = {},
): Promise<number> {
  const edition_on = Temporal.PlainDate.from(date);
  const model = { ...sampleModel(), date, ...over };
  const press_at = pressAt(publication, edition_on);
  const { id } = await db
    .insertInto('editions')
    .values({
      publication_id: publication.id,
      edition_on,
      kind: model.layout === 'weekly' ? 'weekly' : 'regular',
      state,
      layout: model.layout,
      subject: model.subject,
      preheader: model.preheader,
      model: JSON.stringify(model),
      cutoff_at: cutoffAt(publication, edition_on),
      press_at,
      stale_at: staleAt(publication, edition_on),
      pressed_at: press_at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
