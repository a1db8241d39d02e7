import type { Draw } from '../canvas.ts';
import { across, downwards, glow } from '../paint.ts';
import {
  ellipse,
  outline,
  type Point,
  place,
  polygon,
  rectangle,
  ribbon,
  rounded,
  type Shape,
  star,
  stroke,
} from '../shape.ts';

const HORIZON = 430;
const ROAD = 556;

/** A red campaign bus beside a straight road through wheat, its engine cover up, a grain elevator behind. */
export function drawPrairieBus(draw: Draw): void {
  drawSky(draw);
  drawLand(draw);
  drawElevator(draw);
  drawPole(draw, 92);
  drawRoad(draw);
  drawBus(draw);
  drawCrowd(draw);
  drawWheat(draw);
}

function drawSky(draw: Draw): void {
  draw(
    rectangle(0, 0, 1200, HORIZON + 20),
    downwards(0, HORIZON, '#4f93b8', '#8fc3cf', '#d9e6cf', '#fbe6b4'),
  );
  draw(ellipse(214, 120, 210), glow([214, 120], 210, '#fff7d6cc', '#fff2c044', '#fff2c000'));
  draw(ellipse(214, 120, 46), '#fffbe6');
  for (const [x, y, size] of [
    [470, 150, 1],
    [880, 96, 1.35],
    [1120, 236, 0.8],
    [60, 262, 0.75],
    [690, 282, 0.55],
  ] as const)
    drawCloud(draw, x, y, size);
}

function drawCloud(draw: Draw, x: number, y: number, size: number): void {
  const puffs: [number, number, number][] = [
    [-62, 0, 30],
    [-24, -22, 40],
    [28, -30, 48],
    [74, -6, 32],
  ];
  for (const [dx, dy, r] of puffs) draw(ellipse(x + dx * size, y + dy * size, r * size), '#fffdf4');
  draw(rounded(x - 104 * size, y - 2 * size, 224 * size, 32 * size, 16 * size), '#fffdf4');
  draw(rounded(x - 92 * size, y + 14 * size, 200 * size, 16 * size, 8 * size), '#e3ebe4');
}

function drawLand(draw: Draw): void {
  draw(
    outline(`M 0 ${HORIZON} C 200 408 380 424 560 418 C 780 408 980 428 1200 410 L 1200 520 L 0 520 Z`),
    '#9db07c',
  );
  draw(
    outline('M 0 452 C 260 436 520 446 760 440 C 920 436 1080 446 1200 440 L 1200 600 L 0 600 Z'),
    downwards(436, 560, '#d9bf6a', '#c99a3e'),
  );
  for (let n = 0; n < 4; n++)
    draw(
      outline(
        `M 0 ${462 + n * 20} C 300 ${450 + n * 22} 800 ${456 + n * 22} 1200 ${452 + n * 22} L 1200 ${456 + n * 22} C 800 ${461 + n * 22} 300 ${455 + n * 22} 0 ${468 + n * 20} Z`,
      ),
      '#b5873a66',
    );
}

function drawElevator(draw: Draw): void {
  draw(rectangle(936, 250, 74, 200), across(936, 1010, '#f4e8d2', '#cdbfae'));
  draw(polygon([928, 252], [973, 212], [1018, 252]), '#8d4a3b');
  draw(rectangle(952, 176, 42, 40), across(952, 994, '#eaddc6', '#bfb1a1'));
  draw(polygon([946, 178], [973, 154], [1000, 178]), '#7d4034');
  for (let n = 0; n < 4; n++) {
    const x = 1014 + n * 34;
    draw(rectangle(x, 290, 34, 158), across(x, x + 34, '#fbf1de', '#b9ac9d'));
    draw(ellipse(x + 17, 290, 17, 11), '#a99c8e');
  }
  draw(polygon([884, 450], [884, 376], [910, 352], [938, 376], [938, 450]), '#b0563f');
  draw(polygon([876, 380], [910, 346], [946, 380], [938, 384], [910, 358], [882, 384]), '#6d362c');
  draw(rectangle(898, 404, 26, 46), '#6d362c');
  draw(rectangle(964, 282, 18, 26), '#8b7f75');
  draw(rectangle(964, 336, 18, 26), '#8b7f75');
  draw(rectangle(884, 446, 272, 6), '#8c7a4d');
}

function drawPole(draw: Draw, x: number): void {
  draw(stroke([x, 488], [x, 268], 9, 6), '#5d4a45');
  draw(rectangle(x - 38, 282, 76, 6), '#5d4a45');
  for (const dx of [-34, -14, 14, 34]) draw(ellipse(x + dx, 278, 4), '#3f6f7a');
}

function drawRoad(draw: Draw): void {
  draw(rectangle(0, ROAD - 34, 1200, 40), '#c7a86a');
  draw(rectangle(0, ROAD, 1200, 90), downwards(ROAD, ROAD + 90, '#6f7277', '#54575f'));
  draw(rectangle(0, ROAD + 4, 1200, 3), '#f0ead8');
  for (let n = 0; n < 9; n++) draw(rectangle(-40 + n * 150, ROAD + 36, 84, 6), '#efc75a');
}

function drawBus(draw: Draw): void {
  draw(ellipse(500, ROAD + 8, 350, 14), '#3d3a3a66');
  draw(rounded(196, 318, 612, 214, 30), downwards(318, 532, '#d4573f', '#b03a2f'));
  draw(
    outline('M 196 456 L 808 456 L 808 502 C 808 522 798 532 778 532 L 226 532 C 206 532 196 522 196 502 Z'),
    '#8c2b28',
  );
  draw(outline('M 196 456 C 340 430 520 484 808 436 L 808 456 C 540 500 340 452 196 474 Z'), '#fdf1da');
  draw(rounded(206, 326, 592, 16, 8), '#e87b61');
  for (let n = 0; n < 6; n++) drawWindow(draw, 272 + n * 76);
  draw(rounded(734, 350, 64, 118, 8), '#fdf1da');
  draw(rounded(740, 356, 52, 106, 6), '#2b4552');
  draw(rectangle(764, 356, 4, 106), '#fdf1da');
  draw(polygon([744, 430], [744, 370], [762, 358], [762, 402]), '#ffffff33');
  draw(star(497, 494, 26), '#fdf1da');
  for (const dx of [-72, 72]) draw(star(497 + dx, 494, 15), '#e9b44c');
  for (const x of [330, 664]) drawWheel(draw, x);
  drawEngine(draw);
  draw(rounded(796, 478, 18, 30, 8), '#ffe9ae');
  draw(rectangle(780, 522, 42, 12), '#4a4d55');
}

function drawWindow(draw: Draw, x: number): void {
  draw(rounded(x, 358, 66, 68, 9), '#5f1f22');
  draw(rounded(x + 4, 362, 58, 60, 7), downwards(362, 422, '#314f5e', '#5e8f9b'));
  draw(polygon([x + 12, 418], [x + 34, 364], [x + 48, 364], [x + 26, 418]), '#ffffff2e');
}

function drawWheel(draw: Draw, x: number): void {
  draw(ellipse(x, 524, 50, 50, Math.PI, 2 * Math.PI), '#5c1d20');
  draw(ellipse(x, 528, 41), '#26272d');
  draw(ellipse(x, 528, 23), '#d6d0c4');
  draw(ellipse(x, 528, 15), '#8f8c88');
  for (let n = 0; n < 6; n++)
    draw(ellipse(x + 19 * Math.cos(n * 1.047), 528 + 19 * Math.sin(n * 1.047), 2.4), '#55555a');
}

/** The cover is up at the back, the works show, and there is steam. */
function drawEngine(draw: Draw): void {
  draw(rounded(194, 420, 58, 86, 8), '#33252a');
  for (let n = 0; n < 4; n++) draw(rectangle(202, 434 + n * 16, 40, 6), '#77696b');
  draw(ellipse(222, 486, 11), '#a8a09a');
  draw(polygon([200, 424], [140, 372], [146, 362], [212, 410]), '#b03a2f');
  draw(stroke([206, 440], [166, 392], 3), '#4a4d55');
  for (const [x, y, r, opacity] of [
    [176, 346, 20, 0.8],
    [152, 312, 27, 0.66],
    [168, 268, 33, 0.5],
    [138, 226, 36, 0.36],
    [158, 182, 38, 0.22],
  ] as const)
    draw(ellipse(x, y, r), '#ffffff', opacity);
}

function drawCrowd(draw: Draw): void {
  drawPerson(draw, 876, 1, '#2f5d73', '#c98d6b', '#3a2b2a');
  draw(rectangle(906, 494, 96, 7), '#7a5a3c');
  for (const x of [914, 994]) draw(stroke([x, 500], [x + (x < 950 ? -6 : 6), 560], 4), '#7a5a3c');
  draw(polygon([930, 494], [934, 486], [972, 486], [976, 494]), '#fff8e8');
  drawPerson(draw, 1030, -1, '#6f8f5c', '#8a5a44', '#d8c8a2');
  drawPerson(draw, 1090, -1, '#d9a441', '#e0b08c', '#5a3a2c');
  drawPerson(draw, 1142, -1, '#7b5b7f', '#a8704f', '#2c2430');
}

/** Somebody standing, facing right (1) or left (-1), in this shirt; the last colour is hair or hat. */
function drawPerson(
  draw: Draw,
  x: number,
  facing: number,
  shirt: `#${string}`,
  skin: `#${string}`,
  top: `#${string}`,
): void {
  const at = (shape: Shape) => place(shape, x, 566, facing, 1);
  draw(ellipse(x, 568, 30, 6), '#3d3a3a55');
  draw(at(outline('M -14 -66 L 14 -66 L 15 0 L 4 0 L 1 -46 L -5 0 L -16 0 Z')), '#34405a');
  draw(at(outline('M -18 -64 C -20 -112 -14 -122 0 -122 C 14 -122 20 -112 17 -64 Z')), shirt);
  draw(at(ribbon('M 10 -112 C 20 -96 26 -88 42 -86', 10, 8)), shirt);
  draw(at(ellipse(44, -86, 5.4)), skin);
  draw(at(rectangle(-5, -130, 11, 12)), skin);
  draw(at(ellipse(1, -140, 14, 16)), skin);
  draw(
    at(
      outline(
        'M -15 -138 C -17 -162 17 -164 16 -145 C 6 -149 -4 -150 -8 -146 C -10 -142 -10 -138 -11 -132 Z',
      ),
    ),
    top,
  );
}

/** The near wheat, its ears leaning with the wind. */
function drawWheat(draw: Draw): void {
  draw(rectangle(0, 640, 1200, 36), downwards(640, 676, '#c9972f', '#a8741f'));
  for (let n = 0; n < 78; n++) {
    const x = -10 + n * 15.8 + ((n * 37) % 11);
    const height = 52 + ((n * 53) % 34);
    const tip: Point = [x + 12 + ((n * 29) % 9), 676 - height];
    draw(
      ribbon(`M ${x} 680 Q ${x + 2} ${676 - height * 0.6} ${tip[0]} ${tip[1]}`, 3.2, 2),
      n % 3 ? '#b07d25' : '#946619',
    );
    const ear = n % 3 ? '#f0cb67' : '#dfae45';
    draw(
      ribbon(`M ${tip[0] - 6} ${tip[1] + 20} Q ${tip[0] - 4} ${tip[1] + 10} ${tip[0]} ${tip[1] + 2}`, 3, 10),
      ear,
    );
    draw(
      ribbon(`M ${tip[0]} ${tip[1] + 2} Q ${tip[0] + 4} ${tip[1] - 6} ${tip[0] + 8} ${tip[1] - 15}`, 10, 1),
      ear,
    );
  }
}
