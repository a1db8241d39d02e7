import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EditionModel } from '../../src/editions/model.ts';
import { makePlate, type Plate } from '../../src/messages/plate.ts';
import { checkEdition, isGreen } from '../../src/press/checks/check.ts';
import type { Checked } from '../../src/press/checks/finding.ts';
import { arabicEdition, fullestEdition, modelItem, sampleEdition } from '../support/edition-model.ts';

const { model } = sampleEdition();
const plates = [await makePlate(model, 'plain'), await makePlate(model, 'strip-top')];
const check = (over: Partial<Checked> = {}) =>
  checkEdition({ model, plates, profile: 'production', ...over });
const codes = (over: Partial<Checked>) => [
  ...new Set(check(over).map(({ check, level }) => `${check} ${level}`)),
];
/** The first plate with its words changed. */
const changed = (change: (plate: Plate) => Partial<Plate>): Plate[] => {
  const [plate] = plates as [Plate];
  return [{ ...plate, ...change(plate) }];
};
const without = (slot: string) => (plate: Plate) => ({
  html: plate.html.filter((segment) => typeof segment === 'string' || segment.slot !== slot),
  text: plate.text.filter((segment) => typeof segment === 'string' || segment.slot !== slot),
});

test('the sample edition is green, and so are one in Arabic and the fullest the rules allow', async () => {
  assert.deepEqual(check(), []);
  for (const other of [arabicEdition(), fullestEdition()]) {
    const made = [await makePlate(other, 'plain'), await makePlate(other, 'strip-foot')];
    const found = checkEdition({ model: other, plates: made, profile: 'production' });
    assert.deepEqual(
      found.filter(({ check }) => check !== 'P13'), // its stories share an address
      [],
    );
  }
});

test('P01: what Gmail would cut blocks, what comes near it holds, what is large is shown', () => {
  const of = (html_bytes: number) => codes({ plates: changed(() => ({ html_bytes })) });
  assert.deepEqual([79_999, 80_000, 95_000, 102_000].map(of), [
    [],
    ['P01 warn'],
    ['P01 hold'],
    ['P01 block'],
  ]);
});

test('P03: both parts of every plate say who, why, and how to stop', () => {
  for (const slot of ['why', 'unsubscribe_url', 'manage_url']) {
    const found = check({ plates: changed(without(slot)) });
    assert.deepEqual([...new Set(found.map(({ check }) => check))], ['P03'], slot);
    assert.equal(found.length, 2);
  }
  const nowhere: EditionModel = { ...model, publication: { ...model.publication, postal_address: ' ' } };
  assert.deepEqual(codes({ model: nowhere }), ['P03 block']);
});

test('P05: a link that is none of the web blocks; one without https is shown, but for on this machine', () => {
  const at = (url: string): EditionModel => ({
    ...model,
    briefs: [modelItem({ headline: model.lead?.headline ?? '', url })],
  });
  assert.ok(codes({ model: at('javascript:alert(1)') }).includes('P05 block'));
  assert.ok(codes({ model: at('http://dome.test/x') }).includes('P05 warn'));
  assert.equal(codes({ model: at('http://dome.test/x'), profile: 'local' }).includes('P05 warn'), false);
});

test('P06: what a template leaves behind blocks, and a story may say the same words', async () => {
  for (const leftover of [
    '{{why}}',
    'undefined',
    '[object Object]',
    'NaN',
    'null',
    '*|FNAME|*',
    '[[name]]',
    '%%x%%',
    '{% if %}',
    'lorem ipsum',
    'http://localhost/',
  ]) {
    const left = changed(({ html, text }) => ({
      html: [`<p>${leftover}</p>`, ...html],
      text: [...text, `\n${leftover}\n`],
    }));
    assert.deepEqual(codes({ plates: left }), ['P06 block'], leftover);
  }
  const said = {
    ...model,
    briefs: [modelItem({ headline: 'Court calls {{contract}} null, undefined and [[void]]' })],
  };
  assert.deepEqual(
    checkEdition({ model: said, plates: [await makePlate(said, 'plain')], profile: 'production' }),
    [],
  );
  const local = changed(({ text }) => ({ text: [...text, '\nhttp://localhost:3000/\n'] }));
  assert.deepEqual(codes({ plates: local, profile: 'local' }), []);
});

test('P09: an empty subject, one with control characters, and one that passes for an answer block', () => {
  for (const subject of ['', '  ', 'a\u0007b', 'a\nb', 'Re: your vote', 'FWD: look', 'a\u202Eb'])
    assert.deepEqual(codes({ model: { ...model, subject } }), ['P09 block'], JSON.stringify(subject));
  assert.deepEqual(codes({ model: { ...model, subject: 'Reform: what is next' } }), []);
});

test('P11, P13: there are stories, one leads, and none stands twice', () => {
  const empty = { ...model, lead: null, top: [], sections: [], briefs: [] };
  assert.deepEqual(codes({ model: empty }), ['P11 block']);
  assert.deepEqual(codes({ model: { ...model, lead: null } }), ['P11 block']);
  const twice = { ...model, briefs: [...model.briefs, model.top[0] as (typeof model.top)[0]] };
  assert.deepEqual(codes({ model: twice }), ['P13 block']);
});

test('P17: a text part that is missing, short, or lacks a story blocks', () => {
  assert.ok(codes({ plates: changed(() => ({ text: ['short'] })) }).includes('P17 block'));
  const more = { ...model, briefs: [...model.briefs, modelItem({ headline: 'A story that is not there' })] };
  assert.deepEqual(codes({ model: more }), ['P17 block']);
});

test('an edition is green while nothing blocks or holds it, and the gravest finding comes first', () => {
  assert.equal(isGreen([{ check: 'P01', level: 'warn', says: '' }]), true);
  assert.equal(isGreen([{ check: 'P01', level: 'hold', says: '' }]), false);
  const found = check({ model: { ...model, subject: '' }, plates: changed(() => ({ html_bytes: 96_000 })) });
  assert.deepEqual(
    found.map(({ level }) => level),
    ['block', 'hold'],
  );
});
