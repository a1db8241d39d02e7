import type { Section, SectionRule } from './section.ts';

/**
 * The section an article belongs in: the first whose rule names its feed and category, then its category alone,
 * then its feed alone, then the default section. Categories are compared without regard to case.
 */
export function sectionOf(
  article: { feed_id: number | null; categories: string[] },
  sections: Section[],
  rules: SectionRule[],
): Section | undefined {
  const categories = article.categories.map((category) => category.toLowerCase());
  const named = (rule: SectionRule) =>
    rule.category !== null && categories.includes(rule.category.toLowerCase());
  const fed = (rule: SectionRule) => rule.feed_id !== null && rule.feed_id === article.feed_id;
  const rule =
    rules.find((rule) => fed(rule) && named(rule)) ??
    rules.find((rule) => rule.feed_id === null && named(rule)) ??
    rules.find((rule) => fed(rule) && rule.category === null);
  return sections.find(({ id }) => id === rule?.section_id) ?? sections.find(({ is_default }) => is_default);
}
