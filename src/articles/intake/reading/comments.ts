import { parseDate } from '../../../feeds/parsing/dates.ts';
import type { NewComment } from '../../article.ts';
import { plainParagraphs, plainText } from '../sanitize.ts';
import { countOf, type Thing, textOf, thingsOf, typesOf } from './linked-data.ts';
import { metaValue, type Page } from './opened.ts';

/** A reader's comment as a page shows it. */
export type PageComment = Pick<NewComment, 'author_name' | 'body_text'> & {
  commented_at: Temporal.Instant | null;
};

const MAX_COMMENTS = 500;
const MAX_OWN_ELEMENTS = 200;
const MAX_NAME = 200;
const MAX_TEXT = 5_000;

const MARKED =
  '[itemprop~="comment"], [itemtype$="schema.org/Comment"], [itemtype$="schema.org/UserComments"]';
const LISTED = '.commentlist li, .comment-list li, .comments-list li, .comment, [id^="comment-"]';

/** The readers' comments on a page, with their names exactly as written: linked data, microdata, or common markup. */
export function commentsOf({ document, linked }: Page): PageComment[] {
  const told = thingsOf(linked?.comment).flatMap(linkedComment);
  const marked = told.length > 0 ? told : shownComments(document, MARKED);
  const found = marked.length > 0 ? marked : shownComments(document, LISTED);
  const once = new Map(found.map((comment) => [`${comment.author_name}\n${comment.body_text}`, comment]));
  return [...once.values()].slice(0, MAX_COMMENTS);
}

/** How many comments the page says it has, at least as many as it shows. */
export function commentCountOf({ document, meta, linked }: Page, shown: number): number {
  const counters = thingsOf(linked?.interactionStatistic).filter((thing) =>
    /Comment/.test(
      `${textOf(thing.interactionType)}${JSON.stringify(thing.interactionType)}${typesOf(thing)}`,
    ),
  );
  const element = document.querySelector(
    '[itemprop~="commentCount"], .comments-count, .comment-count, .comments-title',
  );
  const given = [
    countOf(textOf(linked?.commentCount)),
    countOf(textOf(counters[0]?.userInteractionCount)),
    countOf(metaValue({ meta }, ['commentcount', 'article:comment_count'])),
    countOf(/\d[\d,.]*/.exec(element?.getAttribute('content') ?? element?.textContent ?? '')?.[0]),
  ];
  return Math.max(shown, given.find((count) => count !== null) ?? 0);
}

function linkedComment(thing: Thing): PageComment[] {
  const replies = thingsOf(thing.comment).flatMap(linkedComment);
  const comment = commentFrom(
    textOf(thing.author) ?? textOf(thing.creator) ?? '',
    textOf(thing.text) ?? textOf(thing.commentText) ?? '',
    textOf(thing.dateCreated) ?? textOf(thing.datePublished),
  );
  return [...comment, ...replies];
}

function commentFrom(author_name: string, body_text: string, date: string | null): PageComment[] {
  const name = author_name.trim();
  if (!name || !body_text || name.length > MAX_NAME) return [];
  return [
    {
      author_name: name,
      body_text: body_text.slice(0, MAX_TEXT).toWellFormed(),
      commented_at: parseDate(date),
    },
  ];
}

function shownComments(document: Document, selector: string): PageComment[] {
  const elements = [...document.querySelectorAll(selector)].slice(0, MAX_COMMENTS);
  const all = new Set(elements);
  return elements.flatMap((element) => shownComment(ownElements(element, all)));
}

/** What belongs to a comment itself, not to the replies inside it, in the order of the page. */
function ownElements(comment: Element, all: Set<Element>): Element[] {
  const own: Element[] = [];
  const waiting = [...comment.children].reverse();
  while (waiting.length > 0 && own.length < MAX_OWN_ELEMENTS) {
    const element = waiting.pop() as Element;
    if (all.has(element)) continue;
    own.push(element);
    waiting.push(...[...element.children].reverse());
  }
  return own;
}

const NAME_CLASS = [
  /^fn$/,
  /^(comment|commenter|user)(-|_|__)?(author(-|_)?)?name$/,
  /^(comment(er)?|user)(-|_|__)?author$|^commenter$|^username$/,
  /^author(-name)?$|^name$/,
];
const TEXT_CLASS = [
  /^comment(-|_|__)(content|text|copy|message)$/,
  /^comment(-|_|__)?body$|^(text|body|content|message)$/,
];

function shownComment(own: Element[]): PageComment[] {
  const author = withProperty(own, /^(author|creator)$/);
  const inAuthor =
    author && own.find((element) => author.contains(element) && propertyOf(element) === 'name');
  const name =
    inAuthor ?? author ?? withClass(own, NAME_CLASS) ?? own.find(({ nodeName }) => nodeName === 'CITE');
  const text = withProperty(own, /^(text|commentText|reviewBody|description)$/) ?? withClass(own, TEXT_CLASS);
  const paragraphs = own.filter(
    (element) => element.nodeName === 'P' && !name?.contains(element) && !element.contains(name ?? null),
  );
  const inText = paragraphs.filter((paragraph) => !text || text.contains(paragraph));
  const words =
    inText.length > 0 ? inText.map(({ outerHTML }) => outerHTML).join('') : (text?.innerHTML ?? '');
  const time = own.find(
    (element) =>
      element.nodeName === 'TIME' || /^(dateCreated|datePublished|commentTime)$/.test(propertyOf(element)),
  );
  return commentFrom(
    plainText(name?.innerHTML ?? '').replace(/\s+says:?$/i, ''),
    plainParagraphs(words),
    time?.getAttribute('datetime') ?? time?.getAttribute('content') ?? null,
  );
}

const propertyOf = (element: Element): string => element.getAttribute('itemprop')?.trim() ?? '';

const withProperty = (own: Element[], property: RegExp): Element | undefined =>
  own.find((element) => property.test(propertyOf(element)));

/** The first element with a class of the first pattern that any has. */
function withClass(own: Element[], patterns: RegExp[]): Element | undefined {
  for (const pattern of patterns) {
    const found = own.find((element) =>
      element
        .getAttribute('class')
        ?.split(/\s+/)
        .some((name) => pattern.test(name)),
    );
    if (found) return found;
  }
  return undefined;
}
