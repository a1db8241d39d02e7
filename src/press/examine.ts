import type { Db } from '../db/connect.ts';
import { contentNow } from '../editions/desk/keep-revision.ts';
import type { Edition } from '../editions/edition.ts';
import { loadModel } from '../editions/load-model.ts';
import type { EditionModel } from '../editions/model.ts';
import { onlySections } from '../editions/only-sections.ts';
import { makePlate, type Plate, type PlateVariant } from '../messages/plate.ts';
import type { Publication } from '../publications/publication.ts';
import { byWeight, checkEdition } from './checks/check.ts';
import { gatherFacts } from './checks/facts.ts';
import type { Checked, Finding, Profile } from './checks/finding.ts';
import { itemSizes } from './checks/item-sizes.ts';
import { redirectLinks, withStoredLinks } from './links/redirect.ts';
import { type SectionSet, setsInUse } from './section-sets.ts';

/** How an edition is looked at. `model`: what was approved, where it was; `store`: whether links that go through us are kept. */
export type Examining = {
  publication: Publication;
  public_url: string;
  now: Temporal.Instant;
  profile?: Profile | undefined;
  model?: EditionModel | undefined;
  store?: boolean;
  by_hand?: boolean;
};

/** An edition made up whole, and what the checks found. */
export type Examined = {
  model: EditionModel;
  plates: Plate[];
  sets: SectionSet[];
  findings: Finding[];
  /** Bytes of each story in the mail, by article. */
  sizes: Map<number, number>;
};

const VARIANTS: PlateVariant[] = ['plain', 'strip-top', 'strip-foot'];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Where this is: on loopback alone it is a machine of one's own. */
export const profileOf = (public_url: string): Profile =>
  LOOPBACK.includes(new URL(public_url).hostname) ? 'local' : 'production';

/**
 * Makes the plates of an edition, all variants there are, for the whole of it and for the sets of sections in use, and
 * runs the checks over them. Throws `invalid` for what no mail can hold.
 */
export async function examine(db: Db, edition: Edition, examining: Examining): Promise<Examined> {
  const { publication, public_url, now, profile = profileOf(public_url), store = false } = examining;
  const model = examining.model ?? (await loadModel(db, edition.id, { publicUrl: public_url }));
  const printed = await withLinks(db, edition.id, model, { publication, public_url, store });
  const sets = await setsInUse(db, publication.id);
  const by_hand = examining.by_hand ?? false;
  const facts = await gatherFacts(db, edition, publication, { model, now, by_hand });
  const known = { profile, facts, words: await wordsOf(db, edition.id), by_hand };
  const plates = await makePlates(printed);
  const findings = checkEdition({ model: printed, plates, targets: model, ...known });
  for (const { key, names } of sets) {
    const [apart, targets] = [onlySections(printed, names), onlySections(model, names)];
    const own = await makePlates(apart, key);
    plates.push(...own);
    findings.push(...checkEdition({ model: apart, plates: own, profile, targets }));
  }
  const sizes = itemSizes(plates[0] as Plate, printed);
  return { model, plates, sets, sizes, findings: byWeight(onceEach(findings)) };
}

async function withLinks(
  db: Db,
  editionId: number,
  model: EditionModel,
  { publication, public_url, store }: Required<Pick<Examining, 'publication' | 'public_url' | 'store'>>,
): Promise<EditionModel> {
  if (publication.links === 'direct') return model;
  return (store ? redirectLinks : withStoredLinks)(db, editionId, model, { public_url });
}

/** One plate after the other: MJML keeps a processor busy. */
async function makePlates(model: EditionModel, apart?: string): Promise<Plate[]> {
  const plates: Plate[] = [];
  for (const variant of VARIANTS) plates.push(await makePlate(model, variant, apart));
  return plates;
}

/** The words of items that are an editor's own. */
async function wordsOf(db: Db, editionId: number): Promise<NonNullable<Checked['words']>> {
  const { items } = await contentNow(db, editionId);
  return items.flatMap(({ article_id, own, dropped }) =>
    dropped
      ? []
      : Object.entries(own ?? {}).flatMap(([field, text]) => (text ? [{ article_id, field, text }] : [])),
  );
}

function onceEach(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ check, says }) => !seen.has(`${check} ${says}`) && seen.add(`${check} ${says}`));
}
