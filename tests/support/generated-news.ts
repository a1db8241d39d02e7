import { seeded } from '../../src/rehearsal/seeded.ts';

/** A story as a feed tells it. */
export type Story = { day: string; headline: string; summary: string; byline: string | null; url: string };

/** Words of every kind that a feed has been seen to send: long ones, marks, other scripts, pictures, what looks like markup. */
const WORDS =
  'the of to in and for on as House Senate panel vote bill says plan after over talks budget governor court ruling ferry harbor tax $2.4B 61–38 Q&A AT&T R&B “shutdown” ‘no’ rock’n’roll – — … co-sponsor’s Telecommunications-Modernization Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Ångström naïve São Łódź Übung 国会 予算 الميزانية ברור हिन्दी 👩🏽‍⚖️ 🇺🇸 <b>bold</b> &amp; 5<6 >9 "quoted" 100% #1 C++ a/b @home e.g. U.S.'.split(
    ' ',
  );
const BYLINES = ['Marian Holloway', 'Zoë D’Arcy-O’Neill & José Łukaszewicz', 'أحمد علي', '李雷', null];
const SEED = 20261123;

/** So many stories over so many days, the same each time, of words that are hard on a mail. */
export function generateNews({ days, stories }: { days: number; stories: number }): Story[] {
  const random = seeded(SEED);
  const pick = <Thing>(things: readonly Thing[]): Thing =>
    things[Math.floor(random() * things.length)] as Thing;
  const words = (count: number): string => Array.from({ length: count }, () => pick(WORDS)).join(' ');
  const first = Temporal.PlainDate.from('2026-01-01');
  return Array.from({ length: days * stories }, (_, at) => ({
    day: first.add({ days: Math.floor(at / stories) }).toString(),
    headline: words(4 + Math.floor(random() * 14)),
    summary: words(10 + Math.floor(random() * 70)),
    byline: pick(BYLINES),
    url: `https://dome.test/story/${at}?a=1&b=${encodeURIComponent(words(2))}&utm_source=feed#top`,
  }));
}
