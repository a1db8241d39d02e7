import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../support/database.ts';
import { compare, describe } from '../support/lives/compare.ts';
import { planDrafted } from '../support/lives/drafted.ts';
import { drawLives } from '../support/lives/draw.ts';
import { daysOf, OFFERED, replayLives } from '../support/lives/replay-lives.ts';
import type { LifeAct, Story } from '../support/reader-model/life.ts';

// The short form of `npm run torture -- --only lives`.

const MODEL = join(import.meta.dirname, '../support/reader-model');
const [from, to] = [Temporal.PlainDate.from('2023-03-06'), Temporal.PlainDate.from('2023-03-15')];
const plan = await planDrafted(await freshDatabase(), { from, to, dark: [from.add({ days: 4 })] });
const drawing = { count: 60, seed: 20230301, from: from.toString(), to: to.toString() };

test('what becomes of readers whose lives are drawn at random is what a model of the rules says, edition by edition and letter by letter', async () => {
  const lives = drawLives(daysOf(plan.publication), drawing);
  const { differences, counts } = await replayLives({ ...plan, lives, terms: OFFERED });
  assert.deepEqual(differences.map(describe), []);
  const { readers, acts, editions, letters } = counts;
  assert.ok(readers === 60 && acts > 150 && editions > 150 && letters > 80, JSON.stringify(counts));
});

test('the same seed draws the same lives, and another draws others, in which every kind of act comes', () => {
  const draw = (seed: number) => drawLives(daysOf(plan.publication), { ...drawing, count: 2000, seed });
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const kinds = new Set<LifeAct['do']>(draw(1).flatMap(({ acts }) => acts.map((act) => act.do)));
  assert.equal(kinds.size, 16, [...kinds].join());
});

test('an edition too many, a letter of another hour, another reason or another end would be noticed', () => {
  const story: Story = {
    answers: ['requested'],
    editions: [{ on: '2023-03-06', word: 'accepted', number: 1 }],
    letters: [{ letter: 'welcome', due: 0, word: 'gone', at: 1000, why: [] }],
    trial: { state: 'ended', why: 'spent', consumed: 1, allowance: 1, grace_used: 0, ends_on: '2023-03-06' },
  };
  const [edition, letter] = [story.editions[0], story.letters[0]];
  assert.ok(edition && letter && story.trial);
  const wrong: Partial<Story>[] = [
    { answers: ['already'] },
    { editions: [] },
    { editions: [edition, { ...edition, on: '2023-03-07' }] },
    { editions: [{ ...edition, number: 2 }] },
    { editions: [{ ...edition, word: 'skipped paused' }] },
    { letters: [] },
    { letters: [letter, letter] },
    { letters: [{ ...letter, at: 2000 }] },
    { letters: [{ ...letter, word: 'dropped', why: ['paused'] }] },
    { trial: { ...story.trial, why: 'hard_stop' } },
    { trial: { ...story.trial, ends_on: '2023-03-07' } },
  ];
  const life = { name: 'ann', acts: [] };
  assert.deepEqual(compare(life, story, story), []);
  for (const one of wrong)
    assert.equal(compare(life, story, { ...story, ...one }).length, 1, JSON.stringify(one));
});

test('the model knows nothing of the program', () => {
  const files = globSync('*.ts', { cwd: MODEL });
  assert.ok(files.length > 3);
  for (const file of files)
    for (const [, name] of readFileSync(join(MODEL, file), 'utf8').matchAll(/from '([^']+)'/g))
      assert.match(String(name), /^\.\/[\w-]+\.ts$/, file);
});
