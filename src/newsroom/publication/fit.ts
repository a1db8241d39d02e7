import { z } from 'zod';
import type { Problem } from '../../json-file.ts';

const NAMED = z.object({ name: z.string().catch(''), url: z.string().catch('') });
const NAMED_BY_SLUG = z.object({ slug: z.string().catch('') }).catch({ slug: '' });
const FILLED = z.object({
  name: z.string().catch(''),
  default: z.boolean().catch(false),
  categories: z.array(z.string().catch('')).catch([]),
  feeds: z
    .array(
      z
        .union([z.string(), z.object({ feed: z.string(), category: z.string().nullable().default(null) })])
        .catch(''),
    )
    .catch([]),
});
const NONE = { name: '', url: '', default: false, categories: [], feeds: [] };
const COUNTS = ['min_items', 'target_items', 'max_items'] as const;
const COUNT = z.number().optional().catch(undefined);

/** As much of a publication file as its parts say of one another; what is malformed counts as left out. */
const LINKS = z.object({
  publication: z
    .object({
      min_items: COUNT,
      target_items: COUNT,
      max_items: COUNT,
      dark_dates: z.array(z.unknown()).catch([]),
    })
    .catch({ dark_dates: [] }),
  sections: z.array(FILLED.catch(NONE)).catch([]),
  feeds: z.array(NAMED.catch(NONE)).catch([]),
  plans: z.array(NAMED_BY_SLUG).catch([]),
});
type Links = z.output<typeof LINKS>;

/** What the parts of a publication file say of one another that cannot be, whether or not each part is well formed. */
export function whatDoesNotFit(file: unknown): Problem[] {
  const links = LINKS.safeParse(file).data;
  if (!links) return [];
  const { feeds, sections, publication, plans } = links;
  return [
    ...wrongCounts(publication),
    ...twice(
      publication.dark_dates.map((dark) => (dark as { dark_on?: unknown } | null)?.dark_on),
      ['publication', 'dark_dates'],
      'dark_on',
    ),
    ...twice(
      sections.map(({ name }) => slugOf(name)),
      ['sections'],
      'name',
    ),
    ...wrongDefaults(sections),
    ...twice(
      feeds.map(({ name }) => name.trim()),
      ['feeds'],
      'name',
    ),
    ...twice(
      feeds.map(({ url }) => url.trim()),
      ['feeds'],
      'url',
    ),
    ...twice(
      plans.map(({ slug }) => slug.trim()),
      ['plans'],
      'slug',
    ),
    ...wrongRules(links),
  ];
}

/** The slug of a section, in the letters of any script. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
}

function wrongCounts(publication: Links['publication']): Problem[] {
  const given = COUNTS.filter((name) => publication[name] !== undefined);
  if (given.length === 0) return [];
  if (given.length < COUNTS.length)
    return COUNTS.filter((name) => !given.includes(name)).map((name) => ({
      path: ['publication', name],
      message: `expected with ${given.join(' and ')}`,
    }));
  const [min = 0, target = 0, max = 0] = COUNTS.map((name) => publication[name]);
  if (min <= target && target <= max) return [];
  const message = `expected at least min_items, ${min}, and at most max_items, ${max}`;
  return [{ path: ['publication', 'target_items'], message }];
}

function wrongDefaults(sections: Links['sections']): Problem[] {
  const defaults = sections.filter((section) => section.default).map(({ name }) => `"${name}"`);
  if (defaults.length === 1) return [];
  const found = defaults.length ? `${defaults.join(' and ')} are default` : 'none is default';
  return [{ path: ['sections'], message: `${found}; expected exactly one section with "default": true` }];
}

function wrongRules({ sections, feeds }: Links): Problem[] {
  const names = feeds.map(({ name }) => name.trim());
  const known = names.map((name) => `"${name}"`).join(', ') || 'none';
  const takenBy = new Map<string, string>();
  return sections.flatMap(({ name: section, categories, feeds: rules }, at) => {
    const fills = (path: PropertyKey[], what: string): Problem[] => {
      const other = takenBy.get(what.toLowerCase());
      takenBy.set(what.toLowerCase(), other ?? section);
      return other === undefined ? [] : [{ path, message: `${what} fills section "${other}" already` }];
    };
    const place = ['sections', at];
    return [
      ...categories.flatMap((category, index) =>
        category.trim() ? fills([...place, 'categories', index], `category "${category.trim()}"`) : [],
      ),
      ...rules.flatMap((rule, index) => {
        const { feed, category } = typeof rule === 'string' ? { feed: rule, category: null } : rule;
        const path = [...place, 'feeds', index];
        if (feed.trim() === '') return [];
        if (!names.includes(feed.trim()))
          return [{ path, message: `no feed is named "${feed}"; expected one of ${known}` }];
        const part = category === null ? '' : `category "${category.trim()}" of `;
        return fills(path, `${part}feed "${feed.trim()}"`);
      }),
    ];
  });
}

function twice(values: unknown[], path: PropertyKey[], key: string): Problem[] {
  return values.flatMap((value, at) => {
    const first = values.indexOf(value);
    if (!value || first === at) return [];
    return [{ path: [...path, at, key], message: `the same as in number ${first + 1}; expected another` }];
  });
}
