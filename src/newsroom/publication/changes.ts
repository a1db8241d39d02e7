import type { Feed } from '../../feeds/feed.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Section, SectionRule } from '../../publications/section.ts';
import type { Offer } from '../../trials/offer.ts';
import type { Plan } from '../../trials/paid/plan.ts';

/** All that a publication file decides, as it is stored. */
export type Standing = {
  publication: Publication;
  sections: Section[];
  rules: SectionRule[];
  feeds: Feed[];
  offer: Offer | undefined;
  plans: Plan[];
};

/** What an import did, each thing in words; a change names the columns. */
export type Changes = { added: string[]; changed: string[]; paused: string[] };

type Thing = { id: number | string; called: string; columns: Record<string, unknown> };

/** What differs between two standings of a publication; without the first, all was added. */
export function changesBetween(before: Standing | undefined, after: Standing): Changes {
  const known = new Map(before && thingsOf(before).map((thing) => [keyOf(thing), thing]));
  const changes: Changes = { added: [], changed: [], paused: [] };
  for (const thing of thingsOf(after)) {
    const old = known.get(keyOf(thing));
    const fields = old ? differing(old.columns, thing.columns) : [];
    if (!old) changes.added.push(thing.called);
    else if (fields.length && thing.columns.paused) changes.paused.push(thing.called);
    else if (fields.length) changes.changed.push(`${thing.called}: ${fields.join(', ')}`);
  }
  return changes;
}

function thingsOf({ publication, sections, rules, feeds, offer, plans }: Standing): Thing[] {
  const { id, created_at: _, ...columns } = publication;
  return [
    { id, called: `publication "${publication.slug}"`, columns },
    ...sections.map(({ id, name, position, weight, cap, is_default }) => ({
      id,
      called: `section "${name}"`,
      columns: { name, position, weight, cap, is_default, filled_by: filling(rules, id) },
    })),
    ...feeds.map(({ id, name, url, poll_minutes, paused_at }) => ({
      id,
      called: `feed "${name}"`,
      columns: { name, url, poll_minutes, paused: paused_at !== null },
    })),
    ...(offer ? [offerOf(offer)] : []),
    ...plans.map(planOf),
  ];
}

/** Every version is the one offer of the publication. */
const offerOf = ({ id: _, active: __, publication_id: ___, ...columns }: Offer): Thing => ({
  id: 0,
  called: `offer "${columns.name}"`,
  columns,
});

/** Every version of a plan is the one plan of its slug. */
const planOf = ({ id: _, publication_id: __, slug, active, ...columns }: Plan): Thing => ({
  id: slug,
  called: `plan "${slug}"`,
  columns: { ...columns, paused: !active },
});

const filling = (rules: SectionRule[], id: number) =>
  rules
    .filter(({ section_id }) => section_id === id)
    .map(({ feed_id, category }) => JSON.stringify([feed_id, category]))
    .sort();

const keyOf = ({ id, called }: Thing): string => `${called.split(' ')[0]} ${id}`;

const differing = (before: Thing['columns'], after: Thing['columns']): string[] =>
  Object.keys(after)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => (name === 'paused' ? 'no longer paused' : name));
