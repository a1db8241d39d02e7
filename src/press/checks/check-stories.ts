import type { EditionModel, ModelItem } from '../../editions/model.ts';
import { itemsOf } from '../../editions/model.ts';
import { wordCount } from '../../editions/wording.ts';
import type { StoryFact } from './facts.ts';
import type { Checked, Finding } from './finding.ts';

/** More words of a headline and summary than this have changed: a person should look. */
const DRIFT_WORDS = 3;

/** P11 and P13: there is a lead, no story stands twice, and there are neither too few nor too many. */
export function checkShape({ model, facts }: Checked): Finding[] {
  const items = itemsOf(model);
  if (items.length === 0) return [{ check: 'P11', level: 'block', says: 'the edition has no stories' }];
  const noLead: Finding[] = model.lead
    ? []
    : [{ check: 'P11', level: 'block', says: 'the edition has no lead' }];
  const twice = items.filter(({ url }, place) => items.findIndex((other) => other.url === url) < place);
  return [
    ...noLead,
    ...countFindings(model, items.length, facts),
    ...twice.map(
      ({ headline, article_id }): Finding => ({
        check: 'P13',
        level: 'block',
        says: `${headline} stands twice`,
        at: { article_id },
      }),
    ),
  ];
}

/** A correction has the one story that it is about. */
function countFindings({ layout }: EditionModel, stories: number, facts: Checked['facts']): Finding[] {
  if (!facts || layout === 'correction') return [];
  const { min_items, max_items } = facts.limits;
  const found = (says: string): Finding[] => [{ check: 'P11', level: 'hold', says }];
  if (stories < min_items) return found(`the edition has ${stories} stories; at least ${min_items} expected`);
  return stories > max_items
    ? found(`the edition has ${stories} stories; at most ${max_items} expected`)
    : [];
}

/** P12: what is no longer published, or not yet, may not be told. */
export function checkFreshness({ model, facts }: Checked): Finding[] {
  return eachStory(model, facts, ({ headline, article_id }, story) => {
    const at = { article_id };
    if (story.withdrawn) return { check: 'P12', level: 'block', says: `${headline} has been withdrawn`, at };
    if (story.embargoed)
      return { check: 'P12', level: 'block', says: `${headline} is under embargo at press time`, at };
    if (story.is_old && !story.pinned)
      return { check: 'P12', level: 'warn', says: `${headline} is older than what this edition gathers`, at };
    return undefined;
  });
}

/** P13: what one of the last editions told is not told again as if it were new. */
export function checkTold({ model, facts }: Checked): Finding[] {
  if (model.layout === 'weekly' || model.layout === 'correction') return [];
  return eachStory(model, facts, ({ headline, article_id, follow_up }, { told_on }) =>
    told_on === null || follow_up
      ? undefined
      : {
          check: 'P13',
          level: 'hold',
          says: `${headline} was told on ${told_on} and is not marked as an update`,
          at: { article_id },
        },
  );
}

/** P14: a story that was changed after it was taken in; one that was corrected holds the edition. */
export function checkDrift({ model, facts }: Checked): Finding[] {
  return eachStory(model, facts, ({ headline, summary, article_id }, story) => {
    if (!story.changed) return undefined;
    const at = { article_id, field: 'headline' };
    const isNewly = (word: RegExp) =>
      word.test(`${story.headline} ${story.summary}`) && !word.test(`${headline} ${summary}`);
    if (isNewly(/\b(correction|corrected|clarification|retract)/i))
      return {
        check: 'P14',
        level: 'hold',
        says: `${headline} has been corrected since it was taken in`,
        at,
      };
    const now = new Set(wordsOf(story.headline));
    const gone = wordsOf(headline).filter((word) => !now.has(word)).length;
    return gone + Math.max(0, wordCount(story.headline) - wordCount(headline)) > DRIFT_WORDS
      ? { check: 'P14', level: 'warn', says: `${headline} says now: ${story.headline}`, at }
      : undefined;
  });
}

function eachStory(
  model: EditionModel,
  facts: Checked['facts'],
  judge: (item: ModelItem, story: StoryFact) => Finding | undefined,
): Finding[] {
  return itemsOf(model).flatMap((item) => {
    const story = facts?.stories.get(item.article_id);
    return (story && judge(item, story)) ?? [];
  });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
