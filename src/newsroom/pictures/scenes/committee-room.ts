import type { Draw } from '../canvas.ts';
import { across, type Colour, downwards, glow } from '../paint.ts';
import {
  arch,
  ellipse,
  outline,
  place,
  polygon,
  rectangle,
  ribbon,
  rounded,
  type Shape,
  star,
  stroke,
} from '../shape.ts';

/** Where the dais begins and ends, and where the witness table does. */
const DAIS = { top: 330, bottom: 508 };
const TABLE = 540;

/** Microphones with red lights on a witness table, empty chairs behind the dais. */
export function drawCommitteeRoom(draw: Draw): void {
  drawWall(draw);
  for (const [x, size] of CHAIRS) drawChair(draw, x, size);
  drawDais(draw);
  drawTable(draw);
  drawCarafe(draw, 862);
  drawGlass(draw, 956);
  drawPapers(draw);
  for (const [x, y, lean] of MICROPHONES) drawMicrophone(draw, x, y, lean);
}

function drawWall(draw: Draw): void {
  draw(rectangle(0, 0, 1200, 520), downwards(0, 420, '#5b3328', '#8a5238'));
  for (let n = 0; n < 9; n++) {
    const x = -42 + n * 146;
    if (n === 4) continue;
    draw(rectangle(x, 34, 118, 316), '#4c2a22');
    draw(rectangle(x + 5, 39, 108, 306), downwards(39, 345, '#6b3d2d', '#9a6042'));
    draw(rectangle(x + 16, 52, 86, 280), '#55302533');
  }
  draw(rectangle(0, 14, 1200, 12), '#a8704a');
  draw(rectangle(0, 26, 1200, 4), '#3d211c');
  drawAlcove(draw);
  for (const x of [308, 892]) drawSconce(draw, x);
}

function drawAlcove(draw: Draw): void {
  draw(arch(516, 44, 168, 400), '#3f2a35');
  draw(arch(526, 54, 148, 400), downwards(54, 340, '#24485a', '#183440'));
  for (let n = 0; n < 7; n++) draw(rectangle(532 + n * 21, 118, 7, 290), '#ffffff0c');
  draw(ellipse(600, 124, 52), '#c9953f');
  draw(ellipse(600, 124, 46), '#183440');
  draw(ellipse(600, 124, 41), '#d9ab55');
  draw(ellipse(600, 124, 36), '#1f4151');
  draw(star(600, 125, 27), '#f0d28c');
}

function drawSconce(draw: Draw, x: number): void {
  draw(ellipse(x, 126, 190), glow([x, 126], 190, '#ffd98f99', '#ffb86622', '#ffb86600'));
  draw(ribbon(`M ${x} 196 C ${x - 4} 181 ${x + 4} 176 ${x} 152`, 8, 6), '#c9953f');
  draw(
    polygon([x - 28, 152], [x - 18, 104], [x + 18, 104], [x + 28, 152]),
    downwards(104, 152, '#fff6d8', '#ffd58a'),
  );
  draw(ellipse(x, 198, 10), '#c9953f');
}

const CHAIRS: [number, number][] = [
  [80, 1],
  [250, 1],
  [425, 1.04],
  [600, 1.18],
  [775, 1.04],
  [950, 1],
  [1120, 1],
];

function drawChair(draw: Draw, x: number, size: number): void {
  const at = (shape: Shape) => place(shape, x, DAIS.top + 10, size);
  draw(at(rounded(-52, -124, 104, 180, 26)), '#12262f');
  draw(at(rounded(-46, -118, 92, 170, 22)), across(x - 46 * size, x + 46 * size, '#1b4250', '#2f6473'));
  draw(at(rounded(-34, -104, 68, 140, 16)), across(x - 34 * size, x + 34 * size, '#245160', '#3b7585'));
  for (const [bx, by] of [
    [-14, -74],
    [14, -74],
    [0, -48],
    [-14, -22],
    [14, -22],
  ] as const)
    draw(at(ellipse(bx, by, 3.4)), '#16333f');
}

function drawDais(draw: Draw): void {
  draw(outline('M 0 356 Q 600 318 1200 356 L 1200 520 L 0 520 Z'), downwards(330, 520, '#7c4831', '#4a2a22'));
  draw(
    outline('M 0 348 Q 600 308 1200 348 L 1200 364 Q 600 326 0 364 Z'),
    downwards(315, 360, '#d79a66', '#a8693f'),
  );
  draw(outline('M 0 364 Q 600 326 1200 364 L 1200 368 Q 600 331 0 368 Z'), '#3a1f1a');
  for (let n = 0; n < 8; n++) {
    const x = 22 + n * 147;
    const drop = 8 * ((n - 3.5) / 3.5) ** 2;
    draw(rounded(x, 374 + drop, 126, 118, 4), '#3f231d');
    draw(rounded(x + 5, 379 + drop, 116, 108, 3), downwards(379, 487, '#8d5639', '#673c2b'));
  }
  for (const [x] of CHAIRS) drawPlace(draw, x, 350 - 38 * (1 - ((x - 600) / 600) ** 2) * 0.5);
}

/** What lies before each chair: a name plate without a name, and a small microphone. */
function drawPlace(draw: Draw, x: number, y: number): void {
  draw(polygon([x - 44, y + 2], [x - 40, y - 18], [x + 40, y - 18], [x + 44, y + 2]), '#e6bd72');
  draw(polygon([x - 38, y - 2], [x - 35, y - 14], [x + 35, y - 14], [x + 38, y - 2]), '#2a1a1c');
  draw(
    ribbon(`M ${x + 58} ${y} C ${x + 58} ${y - 26} ${x + 52} ${y - 34} ${x + 42} ${y - 38}`, 3.4),
    '#16181f',
  );
  draw(stroke([x + 44, y - 37], [x + 34, y - 41], 9), '#16181f');
}

function drawTable(draw: Draw): void {
  draw(rectangle(0, 508, 1200, 40), downwards(508, 548, '#3a2030', '#2a1725'));
  draw(rectangle(0, TABLE, 1200, 136), downwards(TABLE, 676, '#23644f', '#154536'));
  draw(rectangle(0, TABLE, 1200, 7), '#37836a');
}

const MICROPHONES: [number, number, number][] = [
  [146, 610, 1],
  [566, 622, -1],
  [1064, 612, -1],
];

function drawMicrophone(draw: Draw, x: number, y: number, lean: number): void {
  const at = (shape: Shape) => place(shape, x, y, lean, 1);
  draw(ellipse(x, y + 12, 92, 17), '#0d2f2577');
  draw(at(ribbon('M 0 0 C 2 -110 -14 -190 84 -232', 13, 9)), '#14161d');
  draw(at(ribbon('M -3 -4 C -1 -110 -17 -192 82 -236', 2.4, 1.6)), '#6d7482');
  draw(
    at(outline('M -66 12 C -66 -18 -40 -26 0 -26 C 40 -26 66 -18 66 12 Z')),
    downwards(y - 26, y + 12, '#3a3f4c', '#171922'),
  );
  draw(ellipse(x, y + 12, 66, 10), '#171922');
  draw(at(rounded(-13, -14, 26, 9, 4)), '#ff5a3c');
  draw(at(stroke([74, -228], [92, -237], 19)), '#262a34');
  const lamp = [x + lean * 98, y - 240] as const;
  draw(ellipse(lamp[0], lamp[1], 62), glow(lamp, 62, '#ff4a2ecc', '#ff4a2e33', '#ff4a2e00'));
  draw(at(stroke([94, -238], [100, -241], 27)), '#ff5338');
  draw(
    at(stroke([104, -243], [152, -266], 32, 36)),
    across(x + lean * 96, x + lean * 160, '#2b303c', '#15171e'),
  );
  for (let n = 0; n < 5; n++)
    draw(at(stroke([112 + n * 10, -259 - n * 4.8], [124 + n * 10, -236 - n * 4.8], 2.2)), '#565d6c');
}

function drawCarafe(draw: Draw, x: number): void {
  const glass: Colour = '#d6eef0';
  draw(ellipse(x, 632, 62, 11), '#0d2f2566');
  draw(
    outline(
      `M ${x - 22} 462 L ${x + 22} 462 L ${x + 20} 512 C ${x + 52} 540 ${x + 50} 590 ${x + 44} 630 L ${x - 44} 630 C ${x - 50} 590 ${x - 52} 540 ${x - 20} 512 Z`,
    ),
    `${glass}66`,
  );
  draw(
    outline(
      `M ${x - 41} 556 L ${x + 41} 556 C ${x + 48} 580 ${x + 48} 606 ${x + 43} 627 L ${x - 43} 627 C ${x - 48} 606 ${x - 48} 580 ${x - 41} 556 Z`,
    ),
    '#8fcbd488',
  );
  draw(ellipse(x, 556, 41, 6), '#c9ecefaa');
  draw(ribbon(`M ${x - 32} 545 C ${x - 42} 575 ${x - 40} 600 ${x - 36} 618`, 5, 3), '#ffffffaa');
  draw(rounded(x - 25, 456, 50, 9, 4), `${glass}cc`);
}

function drawGlass(draw: Draw, x: number): void {
  draw(ellipse(x, 646, 36, 7), '#0d2f2566');
  draw(polygon([x - 28, 572], [x + 28, 572], [x + 23, 646], [x - 23, 646]), '#d6eef066');
  draw(polygon([x - 26, 600], [x + 26, 600], [x + 22, 643], [x - 22, 643]), '#8fcbd499');
  draw(ellipse(x, 600, 26, 4), '#c9ecefaa');
  draw(stroke([x - 21, 580], [x - 18, 632], 3), '#ffffffaa');
}

function drawPapers(draw: Draw): void {
  draw(polygon([678, 596], [802, 600], [790, 660], [656, 654]), '#0d2f2566');
  draw(polygon([674, 590], [798, 596], [784, 656], [650, 648]), '#fbf3e2');
  draw(polygon([682, 584], [802, 588], [792, 648], [662, 642]), '#fffaf0');
  for (let n = 0; n < 5; n++)
    draw(
      polygon(
        [694 - n * 4, 596 + n * 9],
        [784 - n * 2, 599 + n * 9],
        [784 - n * 2, 601 + n * 9],
        [693 - n * 4, 598 + n * 9],
      ),
      '#b9b2a6',
    );
}
