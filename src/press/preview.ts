import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { openReaderBlanks } from '../deliveries/mail/reader-blanks.ts';
import { listPlates } from '../deliveries/plate.ts';
import { type Edition, requireEdition } from '../editions/edition.ts';
import { loadModel } from '../editions/load-model.ts';
import type { EditionModel } from '../editions/model.ts';
import { fillPlate, makePlate, type Plate, type PlateVariant } from '../messages/plate.ts';
import { type Publication, requirePublication } from '../publications/publication.ts';
import type { Links } from '../subscribers/link.ts';
import { withStoredLinks } from './links/redirect.ts';
import { sampleReader } from './sample-reader.ts';

/** An edition as a sample reader gets it. `projected`: it has not been pressed, so it may still change. */
export type Preview = {
  edition: Edition;
  publication: Publication;
  plate: Plate;
  message: { subject: string; html: string; text: string };
  projected: boolean;
};

/**
 * The edition in one variant: from the plate stored at press where there is one, else made up now, by the same
 * functions that make what is sent. Throws `not_found`, and `invalid` where the edition cannot be made up.
 */
export async function previewEdition(
  db: Db,
  editionId: number,
  variant: PlateVariant,
  { now, links, public_url }: { now: Instant; links: Links; public_url: string },
): Promise<Preview> {
  const edition = await requireEdition(db, editionId);
  const publication = await requirePublication(db, edition.publication_id);
  const plate =
    (await listPlates(db, editionId)).get(variant) ?? (await makeNow(db, edition, variant, public_url));
  const blanksOf = openReaderBlanks({ publication, edition }, { links, public_url });
  const blanks = blanksOf(sampleReader(variant, { at: now }));
  return {
    edition,
    publication,
    plate,
    message: fillPlate(plate, blanks),
    projected: edition.pressed_at === null,
  };
}

/**
 * A variant that nobody was sent is made from what was pressed, with the redirects it was pressed with; before the
 * press, from what stands now, with links that lead to their stories directly: tokens are only made by the press.
 */
async function makeNow(
  db: Db,
  { id, model }: Edition,
  variant: PlateVariant,
  public_url: string,
): Promise<Plate> {
  const pressed = model as EditionModel | null;
  return makePlate(
    pressed
      ? await withStoredLinks(db, id, pressed, { public_url })
      : await loadModel(db, id, { publicUrl: public_url }),
    variant,
  );
}
