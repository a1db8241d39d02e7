import type { Draw } from '../canvas.ts';
import { across, type Colour, downwards, glow } from '../paint.ts';
import { arch, ellipse, outline, type Point, polygon, rectangle, ribbon, rounded, stroke } from '../shape.ts';

const FLOOR = 560;

/** A tall reading room lined with books in bands of colour, a ladder at the shelves, green lamps on the tables. */
export function drawReadingRoom(draw: Draw): void {
  draw(rectangle(0, 0, 1200, FLOOR), downwards(0, FLOOR, '#3b2a3f', '#5a3f46'));
  draw(rectangle(0, FLOOR, 1200, 116), downwards(FLOOR, 676, '#7a4f3c', '#44293a'));
  drawCase(draw, 0, 416, 0);
  drawCase(draw, 784, 1200, 5);
  drawWindow(draw);
  drawGallery(draw);
  drawLadder(draw);
  drawBeams(draw);
  for (const [x, y, size] of [
    [600, 566, 0.62],
    [300, 616, 1],
    [930, 622, 1.06],
  ] as const)
    drawTable(draw, x, y, size);
}

/** The bands in which the books stand: each shelf keeps to one colour and its neighbours. */
const BANDS: Colour[][] = [
  ['#8c2f39', '#a63d40', '#742a38', '#b5524a'],
  ['#d08c3f', '#b9742f', '#e0a458', '#c98138'],
  ['#4f7a5b', '#3f6650', '#6a9170', '#587f56'],
  ['#2f6073', '#3d7386', '#27505f', '#4e8797'],
  ['#6a4c7d', '#573f6b', '#7f6291', '#604a80'],
  ['#e3cfa4', '#cdb588', '#efe0bd', '#b99f77'],
];

function drawCase(draw: Draw, left: number, right: number, firstBand: number): void {
  draw(rectangle(left, 20, right - left, FLOOR - 20), '#2a1b26');
  const bays = 3;
  const wide = (right - left) / bays;
  for (let bay = 0; bay < bays; bay++)
    for (let shelf = 0; shelf < 7; shelf++) {
      const top = 34 + shelf * 74;
      const band = BANDS[(shelf + firstBand) % BANDS.length] as Colour[];
      drawShelf(
        draw,
        { x: left + bay * wide + 9, top, width: wide - 18, height: 66 },
        band,
        shelf * 7 + bay * 31 + left,
      );
      draw(rectangle(left + bay * wide, top + 66, wide, 8), '#6d4434');
      draw(rectangle(left + bay * wide, top + 66, wide, 2), '#95623f');
    }
  for (let post = 0; post <= bays; post++)
    draw(
      rectangle(left + post * wide - 8, 20, 16, FLOOR - 20),
      across(left + post * wide - 8, left + post * wide + 8, '#8a573c', '#57332c'),
    );
  draw(rectangle(left, 6, right - left, 22), downwards(6, 28, '#a06a44', '#6d4434'));
}

type Box = { x: number; top: number; width: number; height: number };

/** Fills a shelf with books from its band; the same seed gives the same books. */
function drawShelf(draw: Draw, { x, top, width, height }: Box, band: Colour[], seed: number): void {
  let left = x;
  for (let n = 0; left < x + width - 6; n++) {
    const chance = Math.abs(Math.sin((seed + n) * 12.9898) * 43758.5453) % 1;
    const thick = Math.min(7 + Math.floor(chance * 10), x + width - left);
    const tall = height - 8 - Math.floor(((chance * 97) % 1) * 20);
    if (chance < 0.05) {
      left += thick + 6;
      continue;
    }
    const foot = top + height;
    draw(
      rectangle(left, foot - tall, thick - 1, tall),
      band[Math.floor(chance * 391) % band.length] as Colour,
    );
    if (thick > 10) draw(rectangle(left + 1, foot - tall + 9, thick - 3, 3), '#f6dfa455');
    left += thick;
  }
}

function drawWindow(draw: Draw): void {
  draw(rectangle(416, 0, 368, FLOOR), downwards(0, FLOOR, '#6a4650', '#8a5f55'));
  draw(arch(452, 34, 296, 470), '#a97a5e');
  draw(arch(464, 46, 272, 462), downwards(46, 462, '#fff4d2', '#fde0a6', '#f3bd85'));
  draw(ellipse(600, 300, 150), glow([600, 300], 150, '#fffdf0cc', '#fff6d000'));
  draw(
    outline(
      'M 464 400 C 500 380 540 392 566 384 C 600 372 650 392 690 380 C 710 376 724 382 736 378 L 736 462 L 464 462 Z',
    ),
    '#d99f86',
  );
  draw(
    outline('M 464 430 C 520 412 560 424 610 416 C 660 410 700 422 736 412 L 736 462 L 464 462 Z'),
    '#b67d7a',
  );
  for (const x of [530, 597, 664]) draw(rectangle(x, 46, 7, 416), '#8d5f4d');
  for (const y of [180, 270, 360]) draw(rectangle(464, y, 272, 6), '#8d5f4d');
  draw(ribbon('M 464 182 C 470 90 730 90 736 182', 6), '#8d5f4d');
  draw(rectangle(442, 462, 316, 14), '#c08b67');
  draw(rectangle(452, 476, 296, 84), downwards(476, 560, '#7a5150', '#6b4548'));
  for (const x of [424, 766]) drawPillar(draw, x);
}

function drawPillar(draw: Draw, x: number): void {
  draw(rectangle(x - 14, 20, 38, FLOOR - 20), across(x - 14, x + 24, '#d2a27a', '#80564c'));
  draw(rectangle(x - 20, 10, 50, 20), '#b98560');
  draw(rectangle(x - 20, FLOOR - 24, 50, 24), '#7d5349');
}

/** The iron walk before the upper shelves. */
function drawGallery(draw: Draw): void {
  for (const [left, right] of [
    [0, 410],
    [790, 1200],
  ] as const) {
    draw(rectangle(left, 246, right - left, 14), downwards(246, 260, '#c9953f', '#8d6530'));
    draw(rectangle(left, 190, right - left, 5), '#c9953f');
    for (let x = left + 10; x < right; x += 20) draw(rectangle(x, 192, 3, 56), '#b0813a');
  }
}

function drawLadder(draw: Draw): void {
  draw(rectangle(784, 300, 416, 5), '#c9953f');
  const [foot, top]: [Point, Point] = [
    [1012, 576],
    [942, 296],
  ];
  const rail = (dx: number) => stroke([foot[0] + dx, foot[1]], [top[0] + dx, top[1]], 9, 8);
  draw(rail(0), '#c08a55');
  draw(rail(62), '#d9a468');
  for (let n = 1; n < 9; n++) {
    const at = n / 9;
    const [x, y] = [foot[0] + (top[0] - foot[0]) * at, foot[1] + (top[1] - foot[1]) * at];
    draw(stroke([x, y], [x + 62, y], 7), '#b17c49');
  }
}

/** Daylight falling in. */
function drawBeams(draw: Draw): void {
  draw(
    polygon([464, 70], [736, 70], [900, 676], [300, 676]),
    downwards(60, 676, '#fff0c000', '#ffe8b022', '#ffe0a044'),
  );
  draw(
    polygon([470, FLOOR], [730, FLOOR], [860, 676], [340, 676]),
    downwards(FLOOR, 676, '#ffdca055', '#ffdca011'),
  );
}

function drawTable(draw: Draw, x: number, y: number, size: number): void {
  const at = (dx: number, dy: number): Point => [x + dx * size, y + dy * size];
  const box = (dx: number, dy: number, width: number, height: number) =>
    rectangle(...at(dx, dy), width * size, height * size);
  draw(ellipse(...at(0, 78), 214 * size, 16 * size), '#1f132066');
  for (const dx of [-170, 152]) draw(box(dx, 12, 20, 70), '#3f2429');
  draw(
    polygon(at(-200, 0), at(-172, -22), at(172, -22), at(200, 0)),
    downwards(y - 22 * size, y, '#a96f47', '#c4885a'),
  );
  draw(box(-200, 0, 400, 14), downwards(y, y + 14 * size, '#7d4b36', '#5a3430'));
  draw(polygon(at(34, -12), at(86, -20), at(140, -12), at(90, -3)), '#fff6e2');
  draw(stroke(at(88, -19), at(90, -4), 2 * size), '#c9b48c');
  for (const [n, colour] of ['#8c2f39', '#d08c3f', '#2f6073'].entries())
    draw(rounded(...at(-152 + n * 5, -20 - n * 11), 76 * size, 11 * size, 2 * size), colour as Colour);
  draw(
    ellipse(...at(-20, -40), 150 * size),
    glow(at(-20, -40), 150 * size, '#fff0b499', '#ffdf9022', '#ffdf9000'),
  );
  draw(rounded(...at(-44, -16), 48 * size, 8 * size, 4 * size), '#b5893d');
  draw(stroke(at(-20, -14), at(-20, -62), 6 * size), '#d9ab55');
  draw(
    outline(lampShade(x - 20 * size, y - 62 * size, size)),
    downwards(y - 96 * size, y - 58 * size, '#4fa37a', '#1f6b4e'),
  );
  draw(box(-62, -62, 84, 4), '#fff3c0');
}

const lampShade = (x: number, y: number, size: number): string =>
  `M ${x - 46 * size} ${y} C ${x - 46 * size} ${y - 26 * size} ${x - 30 * size} ${y - 34 * size} ${x} ${y - 34 * size} C ${x + 30 * size} ${y - 34 * size} ${x + 46 * size} ${y - 26 * size} ${x + 46 * size} ${y} Z`;
