import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { path, routes } from '../routes.ts';
import { SECTIONS } from './dome-daily.ts';
import { PICTURE } from './pictures.ts';
import { slugOf } from './publication/fit.ts';

/** A story of the sample newsroom, as its file in `articles/` has it: plain text throughout. */
export type Story = {
  slug: string;
  section: string;
  headline: string;
  byline: string;
  summary: string;
  /** Paragraphs. */
  body: string[];
  hours_before_press: number;
  /** 0 to 4, where the newsroom gives one; 4 is the lead. */
  priority?: number;
  /** A copy that came over the wire, with the wire's mark in its address. */
  wire?: boolean;
  image?: StoryImage;
  comments?: StoryComment[];
};

export type StoryImage = {
  name: string;
  alt: string;
  caption: string;
  credit: string;
};

/** What a reader wrote under a story; shown where `approved`. */
export type StoryComment = {
  author_name: string;
  text: string;
  hours_before_press: number;
  approved: boolean;
};

/** Where the stories live and when the edition they are for goes to press. */
export type Setting = { publicUrl: string; at: Temporal.Instant };

let stories: Story[] | undefined;

/** All stories: the newsroom's own order first, then the newest. */
export function listStories(): readonly Story[] {
  stories ??= SECTIONS.flatMap(({ name }) => readStories(slugOf(name))).sort(
    (a, b) => (b.priority ?? 0) - (a.priority ?? 0) || a.hours_before_press - b.hours_before_press,
  );
  return stories;
}

/** The story of this slug, if there is one. */
export function findStory(slug: string): Story | undefined {
  return listStories().find((story) => story.slug === slug);
}

/** The comments that readers may see, oldest first. */
export const approvedComments = ({ comments = [] }: Story): StoryComment[] =>
  comments.filter(({ approved }) => approved);

/** The address of a story's page. */
export const storyUrl = ({ slug }: Story, publicUrl: string): string =>
  publicUrl + path(routes.story, { slug });

/** The address and size of a story's picture. */
export const imageOf = ({ name }: StoryImage, publicUrl: string) => ({
  url: publicUrl + path(routes.picture, { name: `${name}.png` }),
  ...PICTURE,
});

/** The moment so many hours before press. */
export const hoursBefore = (hours: number, at: Temporal.Instant): Temporal.Instant =>
  at.subtract({ minutes: Math.round(hours * 60) }).round({ smallestUnit: 'second' });

function readStories(section: string): Story[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'articles', `${section}.json`), 'utf8'));
}
