import type { Draw } from '../canvas.ts';
import { downwards, glow } from '../paint.ts';
import { ellipse, outline, type Point, rectangle, rounded, type Shape, stroke } from '../shape.ts';
import { drawCapitol } from './capitol.ts';

const SUN: Point = [842, 452];

/** The Capitol dome against a rose and gold sky. */
export function drawDomeAtDawn(draw: Draw): void {
  draw(
    rectangle(0, 0, 1200, 676),
    downwards(0, 560, '#2c3563', '#575089', '#a96c93', '#e59a86', '#f8c98c', '#fdeab9'),
  );
  draw(ellipse(...SUN, 420), glow(SUN, 420, '#fff2c8cc', '#ffdf9d66', '#ffcf8f22', '#ffcf8f00'));
  draw(ellipse(...SUN, 54), '#fff6da');
  for (const cloud of clouds()) draw(cloud, downwards(120, 420, '#c98aa0', '#fbd3a2'), 0.55);
  for (const bird of birds()) draw(bird, '#3d3a66');
  draw(farTrees(), downwards(480, 560, '#8a6286', '#5d4f7c'));
  drawCapitol(
    draw,
    { x: 500, ground: 590, scale: 0.88 },
    { shade: '#6d5f8d', light: '#f6d0ae', dark: '#463f6c' },
  );
  draw(rectangle(0, 588, 1200, 88), downwards(588, 676, '#4f5a58', '#1f2b3c'));
  draw(
    outline('M 420 676 C 470 630 480 610 484 590 L 516 590 C 522 610 540 630 600 676 Z'),
    downwards(588, 676, '#f3cfa4', '#b98a7d'),
  );
  for (const [x, size] of TREES) drawTree(draw, x, 600, size);
  for (const x of [388, 640]) drawLamp(draw, x);
}

function clouds(): Shape[] {
  const bands: [number, number, number, number][] = [
    [90, 150, 320, 16],
    [180, 172, 240, 12],
    [760, 120, 360, 15],
    [860, 142, 300, 11],
    [-60, 292, 330, 14],
    [980, 262, 320, 14],
    [930, 282, 200, 9],
    [700, 372, 420, 10],
    [60, 396, 240, 9],
  ];
  return bands.map(([x, y, width, height]) => rounded(x, y, width, height, height / 2));
}

/** Gulls, far off. */
const birds = (): Shape[] =>
  (
    [
      [758, 214, 1],
      [792, 196, 0.75],
      [818, 222, 0.6],
      [702, 240, 0.5],
    ] as const
  ).flatMap(([x, y, size]) => [
    outline(
      `M ${x} ${y} Q ${x - 10 * size} ${y - 12 * size} ${x - 24 * size} ${y - 8 * size} Q ${x - 10 * size} ${y - 7 * size} ${x} ${y + 3 * size} Q ${x + 10 * size} ${y - 7 * size} ${x + 24 * size} ${y - 8 * size} Q ${x + 10 * size} ${y - 12 * size} ${x} ${y} Z`,
    ),
  ]);

const farTrees = (): Shape =>
  outline(
    'M 0 590 L 0 520 C 60 500 90 512 130 506 C 180 494 220 512 280 508 L 700 512 C 760 500 800 514 860 508 C 930 492 980 510 1040 504 C 1100 494 1150 506 1200 498 L 1200 590 Z',
  );

const TREES: [number, number][] = [
  [40, 1.35],
  [128, 1],
  [205, 0.7],
  [1160, 1.5],
  [1052, 1.1],
  [968, 0.75],
  [905, 0.55],
];

function drawTree(draw: Draw, x: number, ground: number, size: number): void {
  const at = (dx: number, dy: number): Point => [x + dx * size, ground + dy * size];
  draw(stroke(at(0, 20), at(0, -60), 12 * size, 6 * size), '#1f2440');
  const leaves: [number, number, number][] = [
    [-34, -66, 40],
    [34, -70, 42],
    [0, -104, 52],
    [-24, -128, 34],
    [26, -134, 32],
  ];
  for (const [dx, dy, r] of leaves) draw(ellipse(...at(dx, dy), r * size), '#28304f');
  for (const [dx, dy, r] of leaves.slice(1)) draw(ellipse(...at(dx - 9, dy - 8), r * 0.62 * size), '#354067');
}

function drawLamp(draw: Draw, x: number): void {
  draw(stroke([x, 664], [x, 596], 6, 4), '#1b2138');
  draw(ellipse(x, 588, 40), glow([x, 588], 40, '#fff1bfcc', '#ffe7a044', '#ffe7a000'));
  draw(ellipse(x, 588, 9), '#fff4cf');
}
