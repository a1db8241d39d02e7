import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, presstime } from '../support/presstime.ts';

const cwd = mkdtempSync(join(tmpdir(), 'presstime-replay-'));
const ONSETS = ['br', 'k', 'dr', 'f', 'gl', 'h', 'm', 'n', 'pl', 'r', 's', 't', 'v', 'w', 'z'];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou'];

const MEMORY = '/dev/shm';
const scratches = () => readdirSync(MEMORY).filter((name) => name.startsWith('presstime-rehearsal-'));
const KEYS = [
  'accepted',
  'audience',
  'date',
  'failed',
  'html_bytes',
  'items',
  'left_out',
  'preheader',
  'pressed_at',
  'reason',
  'seconds',
  'seen',
  'skipped',
  'status',
  'subject',
  'trials',
  'unknown',
];
after(() => rmSync(cwd, { recursive: true, force: true }));

/** Two papers, each with four stories a day from 10 to 14 March 2023, none like another. */
before(() => {
  for (const [paper, offset] of [
    ['gazette', 0],
    ['herald', 1],
  ] as const) {
    mkdirSync(join(cwd, 'archive', paper), { recursive: true });
    for (let day = 9; day <= 14; day++) {
      const items = [0, 1, 2, 3].map((at) => item(paper, day, (day * 8 + at * 2 + offset) * 7));
      const xml = `<rss version="2.0"><channel><title>${paper}</title>\n${items.join('\n')}\n</channel></rss>`;
      writeFileSync(join(cwd, 'archive', paper, `2023-03-${String(day).padStart(2, '0')}.xml`), xml);
    }
  }
});

test('a rehearsal over a clock change presses at the same local hour, keeps a dark date free, and reports as agreed', async () => {
  const range = '--from 2023-03-11 --to 2023-03-13 --dark 2023-03-13 --press 06:00 --zone America/New_York';
  const args = ['replay', '--feeds', join(cwd, 'archive'), ...range.split(' '), '--readers', '6', '--json'];
  const { code, out, err } = await presstime(args, { cwd });
  assert.equal(code, 0, err);
  assert.equal(err, '', 'progress is for terminals');
  const { days, seconds, peak_mb } = JSON.parse(out);
  assert.ok(seconds > 0 && peak_mb > 0);
  assert.deepEqual(
    days.map((day: Record<string, unknown>) => [day.date, day.status, day.pressed_at]),
    [
      ['2023-03-11', 'pressed', '2023-03-11T06:00:00-05:00'],
      ['2023-03-12', 'pressed', '2023-03-12T06:00:00-04:00'],
      ['2023-03-13', 'skipped', null],
    ],
  );
  assert.match(days[2].reason, /dark/);
  const told = new Set<string>();
  for (const day of days) {
    assert.deepEqual(Object.keys(day).sort(), KEYS);
    assert.equal(day.accepted, day.audience);
    assert.deepEqual([day.failed, day.skipped, day.unknown], [0, 0, 0]);
    for (const story of day.items) {
      assert.deepEqual(Object.keys(story).sort(), ['follow_up', 'place', 'section', 'title', 'url']);
      assert.ok(!told.has(story.url) || story.follow_up, story.url);
      told.add(story.url);
    }
    if (day.status === 'skipped') continue;
    assert.ok(day.items.length >= 3 && day.audience >= 3 && day.html_bytes > 5000, JSON.stringify(day));
    assert.ok(day.subject && day.preheader && day.reason === null);
  }
  assert.ok(days.some(({ trials }: { trials: { started: number } }) => trials.started > 0));
});

test('a rehearsal that is told to stop leaves nothing behind', { skip: !existsSync(MEMORY) }, async () => {
  const before = scratches();
  const args = ['replay', '--feeds', join(cwd, 'archive'), '--from', '2023-03-10', '--to', '2023-06-14'];
  const child = launch(args, { cwd });
  while (scratches().length === before.length) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const seen = scratches(); // those of rehearsals beside this one too, which end by themselves
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');
  assert.ok(code === 143 || signal === 'SIGTERM', `${code} ${signal}`);
  const left = () => scratches().filter((name) => seen.includes(name) && !before.includes(name));
  const end = performance.now() + 30_000;
  while (left().length > 0 && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(left(), []);
});

function item(paper: string, day: number, seed: number): string {
  const word = (at: number) => name(seed * 31 + at * 97);
  const at = Temporal.Instant.from(`2023-03-${String(day).padStart(2, '0')}T${10 + (seed % 10)}:15:00Z`);
  const url = `https://${paper}.test/2023/${word(1)}-${word(2)}-${seed}`;
  return `<item><title>${cap(word(1))} panel weighs ${word(2)} plan for ${cap(word(3))} ${word(4)}</title>
<link>${url}</link><guid>${url}</guid><pubDate>${new Date(at.epochMilliseconds).toUTCString()}</pubDate>
<description>Members from ${cap(word(5))} said the ${word(6)} would reach ${word(7)} by ${word(8)}.</description></item>`;
}

/** A word that no other number gives. */
function name(number: number): string {
  let rest = number + 15 * 7 * 15 * 7;
  let word = '';
  while (rest > 0) {
    word += (ONSETS[rest % 15] as string) + VOWELS[Math.floor(rest / 15) % 7];
    rest = Math.floor(rest / 105);
  }
  return `${word}n`;
}

function cap(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
