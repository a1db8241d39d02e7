import { linkedom } from '../../parsers.ts';
import { MAIL_POLICY, withinHead } from '../isolate.ts';

/** On what an edition is seen. */
export type View = (typeof VIEWS)[number]['on'];

/** What there is to see it on, with the name it has at the desk. */
export const VIEWS = [
  { on: 'desktop', label: 'Desktop' },
  { on: 'phone', label: 'Phone' },
  { on: 'text', label: 'Text' },
  { on: 'no-images', label: 'No pictures' },
  { on: 'dark', label: 'Dark' },
  { on: 'inverted', label: 'Inverted' },
  { on: 'outlook', label: 'Outlook' },
  { on: 'zoom', label: '200 %' },
  { on: 'order', label: 'Read aloud' },
] as const;

/** The view that an address names; undefined where it names none. */
export const viewIn = (name: string | undefined): View | undefined => VIEWS.find(({ on }) => on === name)?.on;

/**
 * The mail as a mail program of that kind shows it: the same bytes, under a policy that lets nothing run, and with what the
 * program does to them: pictures kept away, the dark rules taken (as by Apple Mail), all colours turned over (as by some Gmail),
 * what is meant for Word taken and laid bare (Outlook), or letters twice as large.
 */
export function seenOn(on: View, html: string): string {
  const policy = on === 'no-images' ? MAIL_POLICY.replace(/img-src [^;]*/, "img-src 'none'") : MAIL_POLICY;
  const own: Partial<Record<View, string>> = {
    inverted: '<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}</style>',
    zoom: '<style>html{zoom:2}</style>',
    outlook: '<style>table,td{outline:1px dotted #c33}</style>',
  };
  const tags = `<meta http-equiv="Content-Security-Policy" content="${policy}">${own[on] ?? ''}`;
  if (on === 'dark') return withinHead(html.replaceAll('(prefers-color-scheme: dark)', 'all'), tags);
  return withinHead(on === 'outlook' ? asWordReads(html) : html, tags);
}

/** Word takes what stands in its conditional comments, leaves what is kept from it, and knows no media queries. */
const asWordReads = (html: string): string =>
  html
    .replace(/<!--\[if !mso[^\]]*\]><!-->[\s\S]*?<!--<!\[endif\]-->/g, '')
    .replace(/<!--\[if [^\]]*mso[^\]]*\]>([\s\S]*?)<!\[endif\]-->/g, '$1')
    .replace(/@media[^{]*\{(?:[^{}]*\{[^}]*\})*[^}]*\}/g, '');

const SPOKEN = 'h1,h2,h3,h4,p,li,img';
const NAMES: Record<string, string> = { IMG: 'Picture', P: '', LI: '' };

/** What a mail says to who hears it, in the order in which it is heard: headings with their level, and pictures by their description. */
export function readAloud(html: string): { what: string; says: string }[] {
  const { document } = linkedom().parseHTML(html);
  return [...document.querySelectorAll(SPOKEN)].flatMap((element) => {
    const name = element.tagName;
    const text = name === 'IMG' ? (element.getAttribute('alt') ?? '') : (element.textContent ?? '');
    const says = text.replace(/\s+/g, ' ').trim();
    return says === '' ? [] : [{ what: NAMES[name] ?? `Heading ${name.slice(1)}`, says }];
  });
}
