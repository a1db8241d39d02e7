import type { Draw } from '../canvas.ts';
import { across, type Colour, downwards, glow } from '../paint.ts';
import { ellipse, outline, polygon, rectangle, rounded, type Shape } from '../shape.ts';
import { drawCapitol, type Stone } from './capitol.ts';
import { DRAKE, drawDuck, drawDuckling, HEN } from './duck.ts';

/** Where the water begins, and where the near rim does. */
const WATER = 304;
const RIM = 622;
const CAPITOL = { x: 742, scale: 0.42 };
const STONE: Stone = { shade: '#b7b3bd', light: '#fdf3e0', dark: '#8f8fa3' };

/** A mallard and a file of ducklings on still water, with the Capitol dome reflected upside down among them. */
export function drawReflectingPoolDucks(draw: Draw): void {
  draw(rectangle(0, 0, 1200, WATER), downwards(0, WATER, '#79b9cf', '#b5dad6', '#fbe9c8'));
  draw(ellipse(742, 200, 380), glow([742, 200], 380, '#fff6dcaa', '#fff6dc00'));
  for (const [x, y, width] of CLOUDS) draw(rounded(x, y, width, 14, 7), '#fffdf4', 0.7);
  drawShore(draw, 1, '#7f9f86', '#58806f');
  drawCapitol(draw, { ...CAPITOL, ground: WATER - 16 }, STONE);
  drawShore(draw, 0.62, '#4f7d68', '#3a6558');
  drawWater(draw);
  drawDuck(draw, { x: 402, y: 352, size: 0.3 }, DRAKE);
  for (const [x, y] of FILE) drawDuckling(draw, { x, y, size: 0.96 });
  drawDuck(draw, { x: 806, y: 500, size: 0.88 }, HEN);
  drawRim(draw);
  drawDuckling(draw, { x: 1000, y: 578, size: 1 }, true);
  drawDuckling(draw, { x: 1098, y: 634, size: 1.12 }, true);
  drawDuck(draw, { x: 214, y: 566, size: 1.34 }, DRAKE);
}

const CLOUDS: [number, number, number][] = [
  [70, 74, 250],
  [130, 94, 170],
  [420, 44, 190],
  [940, 92, 230],
  [1010, 112, 240],
];

const FILE: [number, number][] = [
  [640, 512],
  [560, 520],
  [484, 514],
  [410, 522],
];

/** The trees beyond the pool; the nearer they are the lower they stand. */
function drawShore(draw: Draw, height: number, top: Colour, bottom: Colour): void {
  const crowns = Array.from({ length: 25 }, (_, n) => [n * 52 - 20, 26 + ((n * 37) % 19)] as const);
  for (const [x, r] of crowns) {
    if (Math.abs(x - CAPITOL.x) < (height === 1 ? 0 : 150)) continue;
    draw(
      ellipse(x, WATER - 8 - 40 * height + r * 0.4, r * 1.15, r),
      downwards(WATER - 90 * height, WATER, top, bottom),
    );
  }
  if (height < 1)
    draw(rectangle(0, WATER - 20, 1200, 20), downwards(WATER - 20, WATER, '#6e9a74', '#5a8a6a'));
  else draw(rectangle(0, WATER - 50, 1200, 50), bottom);
}

function drawWater(draw: Draw): void {
  draw(rectangle(0, WATER, 1200, 372), downwards(WATER, 676, '#bcd9cf', '#6aa9ae', '#2c6d7c', '#1f5566'));
  draw(rectangle(0, WATER, 1200, 34), downwards(WATER, WATER + 34, '#3f6f62aa', '#3f6f6200'));
  drawCapitol(draw, { ...CAPITOL, ground: WATER + 8, mirrored: true }, STONE);
  draw(
    rectangle(0, WATER, 1200, 372),
    downwards(WATER, 676, '#8fc0bd66', '#64a5abaa', '#2c6d7cf2', '#1f5566ff'),
  );
  for (let n = 0; n < 64; n++) {
    const y = WATER + 12 + ((n * n * 0.083) % 330);
    const width = 40 + ((n * 67) % 150) * (0.4 + (y - WATER) / 330);
    draw(
      rounded(((n * 211) % 1260) - 60, y, width, 2 + (y - WATER) / 130, 2),
      n % 3 ? '#d7ece4' : '#1d5260',
      0.2,
    );
  }
  draw(rectangle(0, WATER - 4, 1200, 8), '#e9dfcc');
  draw(rectangle(0, WATER + 4, 1200, 3), '#7f7a78');
}

/** The near stone rim, and the ramp. */
function drawRim(draw: Draw): void {
  draw(
    polygon([0, RIM + 22], [1200, RIM - 6], [1200, 676], [0, 676]),
    downwards(RIM, 676, '#efe4cf', '#cbbba5'),
  );
  draw(polygon([0, RIM + 22], [1200, RIM - 6], [1200, RIM + 2], [0, RIM + 31]), '#fff8ea');
  for (const x of [150, 420, 690, 1180])
    draw(polygon([x, 652 - x / 60], [x + 3, 652 - x / 60], [x - 12, 676], [x - 16, 676]), '#a8998666');
  draw(polygon([950, 566], [1036, 562], [1144, 652], [1014, 658]), '#17444d44');
  draw(polygon([944, 560], [1030, 556], [1138, 646], [1008, 652]), across(944, 1138, '#c9935c', '#a87245'));
  for (let n = 1; n < 8; n++) draw(slat(n / 8, n / 8 + 0.045), '#7d5233');
  draw(outline('M 934 560 Q 984 574 1044 556 L 1044 562 Q 984 582 934 566 Z'), '#ffffff', 0.45);
}

/** The part of the ramp between two shares of its length. */
function slat(from: number, to: number): Shape {
  const left = (at: number) => [944 + 64 * at, 560 + 92 * at] as const;
  const right = (at: number) => [1030 + 108 * at, 556 + 90 * at] as const;
  return polygon(left(from), right(from), right(to), left(to));
}
