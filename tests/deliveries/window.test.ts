import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWindow, MOST_MARKED } from '../../src/deliveries/window.ts';

/** The window after a while at `rate` messages a second, each commit taking `took_ms`. */
function settled(rate: number, took_ms: number, { connections = 4, batches = 2 } = {}): number {
  let now = 0;
  const window = createWindow({ batches, now_ms: () => now });
  for (let mark = 0; mark < 50; mark++) {
    now += 10;
    window.turned(took_ms, rate / 100);
  }
  return window.size(connections);
}

test('before anything is known two readers for each connection are marked', () => {
  assert.equal(createWindow({ batches: 1 }).size(4), 8);
});

test('the window is three times what leaves while a mark commits, and a spare for each connection', () => {
  assert.equal(settled(1000, 5, { batches: 1 }), 23);
});

test('at fifty a second it is a handful', () => {
  assert.ok(settled(50, 5) <= 5);
});

test('at full speed the batches of a process share 256', () => {
  assert.equal(settled(20_000, 50) * 2, MOST_MARKED);
});

test('more connections than that are all kept busy', () => {
  assert.ok(settled(10, 1, { connections: 400, batches: 1 }) >= 400);
});
