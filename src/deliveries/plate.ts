import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Plate, Segment, VariantName } from '../messages/plate.ts';

/** What a plate is called in the books: those of an edition that was pressed anew bear how often it was. */
export const pressedAs = (variant: string, pressing: number): VariantName =>
  (pressing === 1 ? variant : `${variant} r${pressing}`) as VariantName;

/** Stores the plates of an edition, made once and never changed. */
export async function insertPlates(
  trx: Db,
  editionId: number,
  plates: Plate[],
  { now }: { now: Instant },
): Promise<void> {
  await trx
    .insertInto('plates')
    .values(
      plates.map((plate) => ({
        ...plate,
        edition_id: editionId,
        html: JSON.stringify(plate.html),
        text: JSON.stringify(plate.text),
        made_at: now,
      })),
    )
    .execute();
}

/** The plates of an edition by their variant. */
export async function listPlates(db: Db, editionId: number): Promise<Map<VariantName, Plate>> {
  const rows = await db
    .selectFrom('plates')
    .select(['variant', 'subject', 'preheader', 'html', 'text', 'html_bytes', 'template_version'])
    .where('edition_id', '=', editionId)
    .execute();
  return new Map(
    rows.map((row) => {
      const variant = row.variant as VariantName;
      return [variant, { ...row, variant, html: row.html as Segment[], text: row.text as Segment[] }];
    }),
  );
}
