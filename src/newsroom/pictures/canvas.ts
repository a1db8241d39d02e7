import { mix, type Paint } from './paint.ts';
import type { Point, Shape } from './shape.ts';

/** A picture in the making: three bytes a pixel, rows from the top. */
export type Canvas = { width: number; height: number; pixels: Uint8ClampedArray };

/**
 * Fills a shape with a paint, its edges smoothed by how much of each pixel they cover. Exact for outlines that do not
 * cross themselves.
 */
export type Draw = (shape: Shape, paint: Paint, opacity?: number) => void;

/** Less than this is rounding of the running sum. */
const LEAST_COVER = 0.002;

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8ClampedArray(width * height * 3) };
}

/** The part of a canvas that a shape touches; `right` and `bottom` are beyond it. */
type Box = { left: number; top: number; right: number; bottom: number };

/** What draws on this canvas. */
export const drawOn =
  (canvas: Canvas): Draw =>
  (shape, paint, opacity = 1) =>
    fill(canvas, shape, paint, opacity);

function fill(canvas: Canvas, shape: Shape, paint: Paint, opacity: number): void {
  const inside = shape.map((points) => clip(points, 0, canvas.width));
  const box = boxAround(inside.flat(), canvas.height);
  if (box.top >= box.bottom) return;
  const cover = new Float32Array((box.right - box.left + 2) * (box.bottom - box.top));
  for (const points of inside)
    points.forEach((point, i) => {
      addEdge(cover, box, points.at(i - 1) as Point, point);
    });
  blend(canvas, cover, box, { paint, opacity });
}

function boxAround(points: Point[], height: number): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    box.left = Math.min(box.left, Math.floor(x));
    box.right = Math.max(box.right, Math.ceil(x));
    box.top = Math.min(box.top, Math.floor(y));
    box.bottom = Math.max(box.bottom, Math.ceil(y));
  }
  return { ...box, top: Math.max(0, box.top), bottom: Math.min(height, box.bottom) };
}

/** The outline cut to `left <= x <= right` (Sutherland and Hodgman); heights are cut while adding edges. */
function clip(points: Point[], left: number, right: number): Point[] {
  const cut = (outline: Point[], inside: (x: number) => boolean, edge: number) =>
    outline.flatMap((point, i): Point[] => {
      const before = outline.at(i - 1) as Point;
      if (inside(before[0]) === inside(point[0])) return inside(point[0]) ? [point] : [];
      const share = (edge - before[0]) / (point[0] - before[0]);
      const crossing: Point = [edge, before[1] + (point[1] - before[1]) * share];
      return inside(point[0]) ? [crossing, point] : [crossing];
    });
  return cut(
    cut(points, (x) => x >= left, left),
    (x) => x <= right,
    right,
  );
}

/**
 * Adds an edge to the cover: in each row it crosses, the change of covered area that it brings, so that the running
 * sum along the row is the share of each pixel covered.
 */
function addEdge(cover: Float32Array, { left, top, right, bottom }: Box, a: Point, b: Point): void {
  if (a[1] === b[1]) return;
  const direction = a[1] < b[1] ? 1 : -1;
  const [[x0, y0], [x1, y1]] = a[1] < b[1] ? [a, b] : [b, a];
  const slope = (x1 - x0) / (y1 - y0);
  for (let y = Math.max(top, Math.floor(y0)); y < Math.min(bottom, Math.ceil(y1)); y++) {
    const [from, to] = [Math.max(y, y0), Math.min(y + 1, y1)];
    const [enter, leave] = [x0 + (from - y0) * slope - left, x0 + (to - y0) * slope - left];
    const row = (y - top) * (right - left + 2);
    addPiece(cover, row, (to - from) * direction, Math.min(enter, leave), Math.max(enter, leave));
  }
}

/** Spreads the height of one edge within one row over the pixels between `left` and `right`. */
function addPiece(cover: Float32Array, row: number, height: number, left: number, right: number): void {
  const first = Math.floor(left);
  const add = (x: number, area: number) => {
    cover[row + x] = (cover[row + x] as number) + area;
  };
  if (Math.ceil(right) <= first + 1) {
    const beyond = (left + right) / 2 - first;
    add(first, height * (1 - beyond));
    add(first + 1, height * beyond);
    return;
  }
  const perPixel = height / (right - left);
  let covered = 0;
  let before = 0;
  for (let x = first; x < right; x++) {
    const [enter, leave] = [Math.max(x, left), Math.min(x + 1, right)];
    const area = perPixel * (leave - enter) * (x + 1 - (enter + leave) / 2) + before;
    add(x, area - covered);
    covered = area;
    before = perPixel * (leave - left);
  }
  add(Math.ceil(right), height - covered);
}

function blend(
  { width, pixels }: Canvas,
  cover: Float32Array,
  { left, top, right, bottom }: Box,
  { paint, opacity }: { paint: Paint; opacity: number },
): void {
  const { table, indexAt } = mix(paint);
  for (let y = top; y < bottom; y++) {
    let sum = 0;
    const row = (y - top) * (right - left + 2) - left;
    for (let x = left; x < right; x++) {
      sum += cover[row + x] as number;
      const covered = Math.min(1, Math.abs(sum));
      if (covered < LEAST_COVER) continue;
      const i = indexAt === undefined ? 0 : indexAt(x + 0.5, y + 0.5);
      const share = covered * opacity * (table[i + 3] as number);
      for (let k = 0, p = (y * width + x) * 3; k < 3; k++, p++) {
        const under = pixels[p] as number;
        pixels[p] = under + ((table[i + k] as number) - under) * share;
      }
    }
  }
}
