import type { Draw } from '../canvas.ts';
import type { Colour } from '../paint.ts';
import { ellipse, outline, place, polygon, rectangle, ribbon, stroke } from '../shape.ts';

/** Where a duck is: `x` its middle, `y` the water. All face right. */
export type Perch = { x: number; y: number; size: number };
type Plumage = {
  body: Colour;
  chest: Colour;
  wing: Colour;
  edge: Colour;
  head: Colour;
  cheek: Colour;
  bill: Colour;
  collar: Colour;
};

export const DRAKE: Plumage = {
  body: '#dcd5c8',
  chest: '#7b4433',
  wing: '#a0948a',
  edge: '#877b73',
  head: '#1f6b4f',
  cheek: '#2f8a66',
  bill: '#e9b53f',
  collar: '#fffaf0',
};

export const HEN: Plumage = {
  body: '#b98c5e',
  chest: '#a57a4f',
  wing: '#8f6742',
  edge: '#76543a',
  head: '#b08659',
  cheek: '#c39a6b',
  bill: '#d98a3a',
  collar: '#b98c5e00',
};

const BODY = outline(
  'M -112 -40 C -92 -32 -80 -42 -58 -47 C -30 -56 20 -58 52 -44 C 76 -34 86 -18 78 2 L -68 2 C -88 -4 -104 -22 -112 -40 Z',
);

/** Draws a grown duck on the water, with its reflection and the ripples it makes. */
export function drawDuck(onto: Draw, perch: Perch, plumage: Plumage): void {
  const draw = penAt(onto, perch);
  penAt(onto, perch, -0.55)(BODY, plumage.body, 0.3);
  drawRipples(draw, 130);
  draw(BODY, plumage.body);
  draw(outline('M 26 -52 C 60 -48 88 -28 78 2 L 34 2 C 50 -16 46 -38 26 -52 Z'), plumage.chest);
  draw(outline('M -78 -38 C -44 -56 10 -54 34 -36 C 20 -14 -30 -10 -78 -24 L -96 -34 Z'), plumage.wing);
  draw(ribbon('M -66 -24 C -30 -16 6 -20 26 -32', 3, 1.5), plumage.edge);
  draw(ribbon('M -60 -33 C -30 -26 2 -28 22 -38', 3, 1.5), plumage.edge);
  draw(polygon([-62, -27], [-30, -23], [-34, -14], [-60, -18]), '#3b6ea5');
  draw(polygon([-63, -29], [-30, -25], [-30, -23], [-62, -27]), '#ffffff');
  draw(outline('M 38 -46 C 46 -66 46 -82 48 -96 L 92 -92 C 84 -74 82 -56 80 -34 Z'), plumage.head);
  draw(polygon([40, -51], [42, -57], [83, -48], [82, -41]), plumage.collar);
  draw(ellipse(70, -101, 25, 22), plumage.head);
  draw(ellipse(66, -107, 15, 11), plumage.cheek);
  draw(outline('M 90 -108 C 104 -106 118 -99 126 -93 C 116 -86 100 -87 88 -91 Z'), plumage.bill);
  draw(ribbon('M 92 -97 Q 108 -95 124 -93', 1.6, 1), '#7a4f1f');
  drawEye(draw, 78, -106, 3.6);
}

/** Draws a duckling on the water, or, where it is `ashore`, on its feet. */
export function drawDuckling(onto: Draw, perch: Perch, ashore = false): void {
  const draw = penAt(onto, perch);
  if (ashore) for (const x of [-6, 8]) draw(stroke([x, -2], [x + 3, 12], 4), '#d9772e');
  else {
    penAt(onto, perch, -0.5)(ellipse(-2, -14, 30, 16), '#f2c94c', 0.35);
    drawRipples(draw, 46);
  }
  draw(
    outline(
      'M -38 -24 C -28 -18 -22 -26 -10 -29 C 8 -33 26 -25 27 -8 C 27 0 24 3 20 3 L -18 3 C -30 -2 -38 -14 -38 -24 Z',
    ),
    '#f0c648',
  );
  draw(outline('M -26 -18 C -14 -26 4 -24 10 -16 C 2 -6 -14 -6 -26 -18 Z'), '#c79a37');
  draw(ellipse(20, -35, 15, 14), '#f4d063');
  draw(outline('M 6 -38 C 8 -50 28 -52 33 -42 C 24 -44 16 -42 6 -38 Z'), '#8f6a35');
  draw(outline('M 33 -38 C 40 -37 44 -35 46 -33 C 42 -30 36 -30 32 -32 Z'), '#de8a35');
  drawEye(draw, 25, -37, 2.6);
}

const penAt =
  (onto: Draw, { x, y, size }: Perch, upright = 1): Draw =>
  (shape, paint, opacity) =>
    onto(place(shape, x, y, size, size * upright), paint, opacity);

function drawRipples(draw: Draw, reach: number): void {
  draw(ribbon(`M ${-reach} 2 Q ${-reach * 0.2} ${reach * 0.2} ${reach * 0.9} 3`, 2, 5), '#ffffff', 0.5);
  draw(
    ribbon(`M ${-reach * 1.5} 8 Q ${-reach * 0.2} ${reach * 0.34} ${reach * 1.1} 9`, 1.5, 3.5),
    '#ffffff',
    0.28,
  );
  draw(rectangle(-reach * 0.7, 1, reach * 1.35, 3), '#17444d', 0.35);
}

function drawEye(draw: Draw, x: number, y: number, radius: number): void {
  draw(ellipse(x, y, radius), '#16181f');
  draw(ellipse(x + radius * 0.3, y - radius * 0.35, radius * 0.36), '#ffffff');
}
