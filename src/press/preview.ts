import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { openReaderBlanks } from '../deliveries/mail/reader-blanks.ts';
import { listPlates, pressedAs } from '../deliveries/plate.ts';
import { type Edition, requireEdition } from '../editions/edition.ts';
import { loadModel, type Typed } from '../editions/load-model.ts';
import type { EditionModel } from '../editions/model.ts';
import { onlySections } from '../editions/only-sections.ts';
import {
  fillPlate,
  makePlate,
  type Plate,
  type PlateVariant,
  type ReaderBlanks,
  type VariantName,
} from '../messages/plate.ts';
import { type Publication, requirePublication } from '../publications/publication.ts';
import type { Links } from '../subscribers/link.ts';
import { withStoredLinks } from './links/redirect.ts';
import { type Ahead, namedReader, type Persona, type PersonaName, personaOf } from './persona.ts';
import { setsInUse } from './section-sets.ts';

/** An edition as a sample reader gets it. `projected`: it has not been pressed, so it may still change. */
export type Preview = {
  edition: Edition;
  publication: Publication;
  plate: Plate;
  message: { subject: string; html: string; text: string };
  /** What stands in the blanks of the plate. */
  blanks: ReaderBlanks;
  projected: boolean;
  /** Why this reader would get nothing, if so: then what is shown is what they miss. */
  gets_nothing: string | null;
};

/** As whom: one of the personas, or a subscriber. */
export type SeenAs = { persona: PersonaName } | { subscriber_id: number };

/**
 * The edition as one reader gets it: from the plate stored at press where there is one, else made up now, by the same
 * functions that make what is sent; with words that are being typed in their place. Throws `not_found`, and `invalid` where the edition cannot be made up.
 */
export async function previewEdition(
  db: Db,
  editionId: number,
  as: SeenAs,
  {
    now,
    links,
    public_url,
    typed,
    ahead,
  }: {
    now: Instant;
    links: Links;
    public_url: string;
    typed?: Typed | undefined;
    ahead?: Ahead | undefined;
  },
): Promise<Preview> {
  const edition = await requireEdition(db, editionId);
  const publication = await requirePublication(db, edition.publication_id);
  const { variant, reader, gets_nothing } = await resolve(db, edition, as, { now, ahead });
  const plate =
    (await findPlate(db, edition, variant)) ?? (await makeNow(db, edition, variant, { public_url, typed }));
  const blanks = openReaderBlanks({ publication, edition }, { links, public_url })(reader);
  return {
    edition,
    publication,
    plate,
    message: fillPlate(plate, blanks),
    blanks,
    projected: edition.pressed_at === null || edition.state === 'stopped',
    gets_nothing,
  };
}

/** A stopped edition is seen as it would go on. */
const findPlate = async (db: Db, { id, state, pressing }: Edition, variant: VariantName) =>
  state === 'stopped' ? undefined : (await listPlates(db, id)).get(pressedAs(variant, pressing));

const resolve = async (
  db: Db,
  edition: Edition,
  as: SeenAs,
  told: { now: Instant; ahead: Ahead | undefined },
): Promise<Persona> =>
  'persona' in as
    ? personaOf(as.persona, { at: told.now })
    : namedReader(db, edition, as.subscriber_id, told);

/**
 * A variant that nobody was sent is made from what was pressed, with the redirects it was pressed with; before the
 * press, from what stands now, with links that lead to their stories directly: tokens are only made by the press.
 */
async function makeNow(
  db: Db,
  { id, model, state, publication_id }: Edition,
  variant: VariantName,
  { public_url, typed }: { public_url: string; typed: Typed | undefined },
): Promise<Plate> {
  const pressed = state === 'stopped' ? null : (model as EditionModel | null);
  const whole = pressed
    ? await withStoredLinks(db, id, pressed, { public_url })
    : await loadModel(db, id, { publicUrl: public_url, typed });
  const [strip, ...apart] = variant.split(' ') as [PlateVariant, ...string[]];
  const set = (await setsInUse(db, publication_id)).find(({ key }) => key === apart.join(' '));
  return set ? makePlate(onlySections(whole, set.names), strip, set.key) : makePlate(whole, strip);
}
