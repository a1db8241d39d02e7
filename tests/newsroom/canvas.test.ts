import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCanvas, drawOn } from '../../src/newsroom/pictures/canvas.ts';
import { ellipse, outline, type Point, polygon, rectangle } from '../../src/newsroom/pictures/shape.ts';

const SIZE = 24;

/** How much light a white shape leaves on a black canvas, in pixels. */
function lightOf(draw: (onto: ReturnType<typeof drawOn>) => void): number {
  const canvas = createCanvas(SIZE, SIZE);
  draw(drawOn(canvas));
  return canvas.pixels.reduce((sum, value) => sum + value, 0) / 3 / 255;
}

test('a shape lights each pixel by as much as it covers of it', () => {
  const canvas = createCanvas(4, 1);
  drawOn(canvas)(rectangle(0.5, 0, 2.25, 1), '#ffffff');
  assert.deepEqual(
    [...canvas.pixels].filter((_, i) => i % 3 === 0),
    [128, 255, 191, 0],
  );
});

test('any triangle within the canvas leaves light for its area', () => {
  const corner = fc.tuple(
    fc.double({ min: 0, max: SIZE, noNaN: true }),
    fc.double({ min: 0, max: SIZE, noNaN: true }),
  );
  fc.assert(
    fc.property(corner, corner, corner, (a: Point, b: Point, c: Point) => {
      const area = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
      assert.ok(Math.abs(lightOf((draw) => draw(polygon(a, b, c), '#ffffff')) - area) < 0.8);
    }),
  );
});

test('what lies beyond the canvas is cut off, and a shape all outside leaves nothing', () => {
  assert.equal(
    lightOf((draw) => draw(rectangle(-50, -50, 50 + SIZE / 2, 500), '#ffffff')),
    (SIZE * SIZE) / 2,
  );
  assert.equal(
    lightOf((draw) => draw(ellipse(200, 10, 20), '#ffffff')),
    0,
  );
  assert.equal(
    lightOf((draw) => draw(ellipse(10, -200, 20), '#ffffff')),
    0,
  );
});

test('an outline wound the other way is a hole', () => {
  const ring = outline('M 2 2 L 22 2 L 22 22 L 2 22 Z M 7 7 L 7 17 L 17 17 L 17 7 Z');
  assert.equal(
    lightOf((draw) => draw(ring, '#ffffff')),
    400 - 100,
  );
});

test('paint that is half transparent leaves half its light', () => {
  const light = lightOf((draw) => draw(rectangle(0, 0, 10, 10), '#ffffff80'));
  assert.ok(Math.abs(light - 50) < 0.5);
});
