import type { Draw } from '../canvas.ts';
import { across, type Colour, glow, type Paint } from '../paint.ts';
import { arch, ellipse, outline, place, polygon, rectangle, type Shape } from '../shape.ts';

/** The stone's colours: the side in shade, the side in the light, joints and windows. */
export type Stone = { shade: Colour; light: Colour; dark: Colour };

/** Where it stands: the dome over `x`, the steps on `ground`; mirrored, it hangs from `ground` as in water. */
export type Site = { x: number; ground: number; scale: number; mirrored?: boolean };

/** Draws the Capitol with its lamp lit. At scale 1 it is 595 pixels high to the top of the statue. */
export function drawCapitol(onto: Draw, { x, ground, scale, mirrored = false }: Site, stone: Stone): void {
  const draw: Draw = (shape, paint) => onto(place(shape, x, ground, scale, mirrored ? -scale : scale), paint);
  const shaded = (halfWidth: number): Paint =>
    across(x - halfWidth * scale, x + halfWidth * scale, stone.shade, stone.shade, stone.light, stone.light);
  drawWings(draw, shaded(760), stone);
  drawDrum(draw, shaded(130), stone);
  drawPortico(draw, shaded(200), stone);
  drawShell(draw, shaded(100), stone);
  drawLantern(draw, shaded(26), stone);
  if (mirrored) return;
  const [lamp, reach] = [[x, ground - 505 * scale] as const, 46 * scale];
  onto(ellipse(...lamp, reach), glow(lamp, reach, '#fff3c4cc', '#ffe9a833', '#ffe9a800'));
}

/** How high the roof stands; the dome starts here. */
const ROOF = -152;
/** A thin shadow on the stone. */
const SEAM = '#3b2f6638';

function drawWings(draw: Draw, stone: Paint, { dark, light }: Stone): void {
  draw(rectangle(-760, -120, 1520, 120), stone);
  for (const side of [-1, 1]) {
    const middle = side * 545;
    draw(rectangle(middle - 150, -132, 300, 132), stone);
    draw(polygon([middle - 74, -138], [middle, -166], [middle + 74, -138]), stone);
    draw(polygon([middle - 52, -139], [middle, -159], [middle + 52, -139]), SEAM);
    for (let n = -4; n <= 4; n++) drawBay(draw, middle + n * 30, -112, dark);
    for (let n = 0; n < 7; n++) drawBay(draw, side * (205 + n * 29), -100, dark);
    draw(rectangle(middle - 156, -138, 312, 7), light);
  }
  draw(rectangle(-760, -124, 1520, 6), light);
  draw(rectangle(-760, -20, 1520, 20), dark);
}

function drawBay(draw: Draw, middle: number, top: number, dark: Colour): void {
  draw(arch(middle - 6, top, 12, -62), dark);
  draw(rectangle(middle - 6, -52, 12, 26), dark);
}

function drawDrum(draw: Draw, stone: Paint, { dark, light, shade }: Stone): void {
  draw(polygon([-150, ROOF], [-140, ROOF - 34], [140, ROOF - 34], [150, ROOF]), stone);
  draw(rectangle(-132, ROOF - 42, 264, 9), light);
  draw(rectangle(-112, ROOF - 124, 224, 84), dark);
  for (let n = 0; n < 17; n++) {
    const way = Math.cos((Math.PI * (n + 0.5)) / 17);
    const width = 4 + 6 * Math.sin((Math.PI * (n + 0.5)) / 17);
    draw(rectangle(-120 * way - width / 2, ROOF - 120, width, 80), n < 8 ? shade : light);
  }
  draw(rectangle(-128, ROOF - 134, 256, 14), stone);
  draw(rectangle(-132, ROOF - 138, 264, 5), light);
  draw(rectangle(-106, ROOF - 186, 212, 50), stone);
  for (let n = 0; n < 11; n++) {
    const way = Math.cos((Math.PI * (n + 0.5)) / 11);
    const width = 3 + 8 * Math.sin((Math.PI * (n + 0.5)) / 11);
    draw(arch(-98 * way - width / 2, ROOF - 176, width, ROOF - 146), dark);
  }
  draw(rectangle(-106, ROOF - 141, 212, 5), SEAM);
  draw(rectangle(-112, ROOF - 194, 224, 9), light);
}

function drawPortico(draw: Draw, stone: Paint, { dark, light, shade }: Stone): void {
  draw(rectangle(-190, -150, 380, 150), stone);
  draw(rectangle(-196, -154, 392, 8), light);
  for (const side of [-1, 1]) for (let n = 0; n < 3; n++) drawBay(draw, side * (122 + n * 27), -118, dark);
  draw(rectangle(-98, -118, 196, 100), dark);
  draw(polygon([-122, -130], [0, -178], [122, -130]), SEAM);
  draw(polygon([-114, -134], [0, -176], [114, -134]), stone);
  draw(polygon([-82, -138], [0, -168], [82, -138]), SEAM);
  draw(rectangle(-110, -134, 220, 16), stone);
  draw(rectangle(-114, -136, 228, 4), light);
  draw(rectangle(-110, -122, 220, 4), SEAM);
  for (let n = 0; n < 8; n++) draw(rectangle(-94 + n * 25.6, -118, 9, 98), n < 4 ? shade : light);
  for (let n = 0; n < 6; n++)
    draw(rectangle(-104 - n * 9, -22 + n * 4, 208 + n * 18, 4), n % 2 ? shade : light);
}

function drawShell(draw: Draw, stone: Paint, { light }: Stone): void {
  const shell = (half: number) =>
    `M ${-half} 0 C ${-half} -62 ${-half * 0.72} -112 ${-half * 0.28} -132 L ${half * 0.28} -132 C ${half * 0.72} -112 ${half} -62 ${half} 0 Z`;
  draw(place(outline(shell(104)), 0, ROOF - 192), stone);
  for (const rib of [-84, -59, -30, 0, 30, 59, 84]) draw(drawnRib(rib), SEAM);
  draw(rectangle(-34, ROOF - 330, 68, 8), light);
}

/** One rib of the shell: a thin band that follows its curve at this distance from the middle of the foot. */
function drawnRib(foot: number): Shape {
  const at = (x: number) => `${x * 0.99} -62 ${x * 0.72} -112 ${x * 0.28} -132`;
  const back = (x: number) => `${x * 0.72} -112 ${x * 0.99} -62 ${x} 0`;
  const [a, b] = [foot - 2.5, foot + 2.5];
  return place(outline(`M ${a} 0 C ${at(a)} L ${b * 0.28} -132 C ${back(b)} Z`), 0, ROOF - 192);
}

function drawLantern(draw: Draw, stone: Paint, { dark, light, shade }: Stone): void {
  const foot = ROOF - 330;
  draw(rectangle(-22, foot - 36, 44, 36), '#ffe6a3');
  for (let n = 0; n < 6; n++) draw(rectangle(-23 + n * 8.4, foot - 36, 4, 36), n < 3 ? shade : light);
  draw(rectangle(-27, foot - 42, 54, 7), stone);
  draw(
    outline(
      `M -20 ${foot - 42} C -18 ${foot - 58} -8 ${foot - 62} -5 ${foot - 70} L 5 ${foot - 70} C 8 ${foot - 62} 18 ${foot - 58} 20 ${foot - 42} Z`,
    ),
    stone,
  );
  draw(
    outline(
      `M -6 ${foot - 70} L -4 ${foot - 92} C -9 ${foot - 98} -4 ${foot - 104} 0 ${foot - 110} C 4 ${foot - 104} 9 ${foot - 98} 4 ${foot - 92} L 6 ${foot - 70} Z`,
    ),
    dark,
  );
}
