export type Point = readonly [x: number, y: number];
/** One or more closed outlines; a hole is an outline wound the other way. */
export type Shape = Point[][];

/** How many straight pieces a curve is drawn with: no corner shows at the sizes we draw. */
const CURVE_PIECES = 14;
const ELLIPSE_PIECES = 48;

/** A shape in the words of an SVG path: M, L, C, Q and Z with absolute coordinates. */
export function outline(words: string): Shape {
  const shape: Shape = [];
  for (const [, letter, rest] of words.matchAll(/([MLCQZ])([^MLCQZ]*)/g)) {
    const corners = pointsOf(rest as string);
    if (letter === 'M') shape.push([]);
    const line = shape.at(-1) as Point[];
    const each = { M: 1, Z: 0, L: 1, Q: 2, C: 3 }[letter as 'M'];
    for (let at = 0; at < corners.length; at += each)
      line.push(...curve([...line.slice(-1), ...corners.slice(at, at + each)]));
  }
  return shape;
}

function pointsOf(words: string): Point[] {
  const numbers = words.match(/-?[\d.]+(e-?\d+)?/g)?.map(Number) ?? [];
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]] as never);
}

/** The Bézier curve over these corners, without its first point; the point itself where there is only one. */
function curve(corners: Point[]): Point[] {
  if (corners.length <= 2) return corners.slice(-1);
  return Array.from({ length: CURVE_PIECES }, (_, i) => pointAt(corners, (i + 1) / CURVE_PIECES));
}

/** De Casteljau: the point at `t` of the curve over these corners. */
function pointAt(corners: Point[], t: number): Point {
  if (corners.length === 1) return corners[0] as Point;
  return pointAt(
    corners.slice(1).map(([x, y], i) => {
      const [x0, y0] = corners[i] as Point;
      return [x0 + (x - x0) * t, y0 + (y - y0) * t];
    }),
    t,
  );
}

export const polygon = (...points: Point[]): Shape => [points];

export const rectangle = (x: number, y: number, width: number, height: number): Shape =>
  polygon([x, y], [x + width, y], [x + width, y + height], [x, y + height]);

/** An ellipse, or the part of it from angle `from` to `to` (radians, clockwise from the right) with its chord. */
export function ellipse(x: number, y: number, rx: number, ry = rx, from = 0, to = 2 * Math.PI): Shape {
  const pieces = Math.ceil((ELLIPSE_PIECES * Math.abs(to - from)) / (2 * Math.PI));
  return [
    Array.from({ length: pieces + 1 }, (_, i): Point => {
      const angle = from + ((to - from) * i) / pieces;
      return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
    }),
  ];
}

/** A rectangle whose corners are rounded by `radius`. */
export function rounded(x: number, y: number, width: number, height: number, radius: number): Shape {
  const r = Math.min(radius, width / 2, height / 2);
  const [right, bottom, quarter] = [x + width - r, y + height - r, Math.PI / 2];
  const corner = (cx: number, cy: number, turn: number): Point[] =>
    ellipse(cx, cy, r, r, turn * quarter, (turn + 1) * quarter)[0] as Point[];
  return [
    [
      ...corner(right, bottom, 0),
      ...corner(x + r, bottom, 1),
      ...corner(x + r, y + r, 2),
      ...corner(right, y + r, 3),
    ],
  ];
}

/** An upright arch: straight sides under a half circle, standing on `bottom`. */
export function arch(x: number, top: number, width: number, bottom: number): Shape {
  const r = width / 2;
  const half = ellipse(x + r, top + r, r, r, Math.PI, 2 * Math.PI)[0] as Point[];
  return [[...half, [x + width, bottom], [x, bottom]]];
}

/** A straight stroke of `width` with round ends, narrowing to `endWidth` where that is given. */
export function stroke([x0, y0]: Point, [x1, y1]: Point, width: number, endWidth = width): Shape {
  const along = Math.atan2(y1 - y0, x1 - x0);
  const quarter = Math.PI / 2;
  const end = (x: number, y: number, r: number, turn: number): Point[] =>
    ellipse(x, y, r, r, along + turn, along + turn + Math.PI)[0] as Point[];
  return [[...end(x1, y1, endWidth / 2, -quarter), ...end(x0, y0, width / 2, quarter)]];
}

/** A star of five points around `x` and `y`, one point up. */
export function star(x: number, y: number, radius: number): Shape {
  return [
    Array.from({ length: 10 }, (_, i): Point => {
      const [angle, r] = [(Math.PI * i) / 5 - Math.PI / 2, i % 2 ? radius * 0.4 : radius];
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    }),
  ];
}

/** The shape moved, scaled about the origin first; a negative scale mirrors. */
export function place(shape: Shape, x: number, y: number, scaleX = 1, scaleY = scaleX): Shape {
  return shape.map((points) => points.map(([px, py]): Point => [x + px * scaleX, y + py * scaleY]));
}

/** A line along a curve (in the words of an SVG path, one piece), `width` wide with flat ends, narrowing to `endWidth`. */
export function ribbon(words: string, width: number, endWidth = width): Shape {
  const [line = []] = outline(words);
  const side = (sign: number): Point[] =>
    line.map(([x, y], i): Point => {
      const [ax, ay] = line[Math.max(0, i - 1)] as Point;
      const [bx, by] = line[Math.min(line.length - 1, i + 1)] as Point;
      const half =
        (sign * (width + ((endWidth - width) * i) / (line.length - 1))) / 2 / Math.hypot(bx - ax, by - ay);
      return [x - (by - ay) * half, y + (bx - ax) * half];
    });
  return [[...side(1), ...side(-1).reverse()]];
}
