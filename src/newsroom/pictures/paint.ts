import type { Point } from './shape.ts';

/** A colour as `#rrggbb`, or `#rrggbbaa` where it is not opaque. */
export type Colour = `#${string}`;
/** Colours along the way from 0 to 1. */
export type Stops = readonly (readonly [at: number, colour: Colour])[];
/** One colour, or colours changing along a line or outwards from a point. */
export type Paint =
  | Colour
  | { kind: 'linear'; from: Point; to: Point; stops: Stops }
  | { kind: 'radial'; centre: Point; radius: number; stops: Stops };

/** What a paint comes to: a table of colours, and the place in it of each pixel. */
export type MixedPaint = { table: Float32Array; indexAt: ((x: number, y: number) => number) | undefined };

/** Steps of a gradient: more than 8-bit colours can show. */
const STEPS = 512;

/** Colours changing from the height `top` to the height `bottom`. */
export const downwards = (top: number, bottom: number, ...colours: Colour[]): Paint => ({
  kind: 'linear',
  from: [0, top],
  to: [0, bottom],
  stops: spread(colours),
});

/** Colours changing from the left at `left` to `right`. */
export const across = (left: number, right: number, ...colours: Colour[]): Paint => ({
  kind: 'linear',
  from: [left, 0],
  to: [right, 0],
  stops: spread(colours),
});

/** Light around a point, fading out at `radius`. */
export const glow = (centre: Point, radius: number, ...colours: Colour[]): Paint => ({
  kind: 'radial',
  centre,
  radius,
  stops: spread(colours),
});

/** The paint ready for use, as red, green, blue (0-255) and opacity (0-1) in fours. */
export function mix(paint: Paint): MixedPaint {
  if (typeof paint === 'string') return { table: new Float32Array(channels(paint)), indexAt: undefined };
  const table = new Float32Array(STEPS * 4);
  for (let i = 0; i < STEPS; i++) table.set(colourAt(paint.stops, i / (STEPS - 1)), i * 4);
  const index = (way: number) => Math.round(Math.min(1, Math.max(0, way)) * (STEPS - 1)) * 4;
  if (paint.kind === 'radial') {
    const {
      centre: [cx, cy],
      radius,
    } = paint;
    return { table, indexAt: (x, y) => index(Math.hypot(x - cx, y - cy) / radius) };
  }
  const [[x0, y0], [x1, y1]] = [paint.from, paint.to];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const square = dx * dx + dy * dy;
  return { table, indexAt: (x, y) => index(((x - x0) * dx + (y - y0) * dy) / square) };
}

const spread = (colours: Colour[]): Stops =>
  colours.map((colour, i) => [colours.length === 1 ? 0 : i / (colours.length - 1), colour] as const);

function colourAt(stops: Stops, at: number): number[] {
  const after = stops.findIndex(([stop]) => stop >= at);
  const [end, endColour] = stops.at(after) as Stops[number];
  const [start, startColour] = stops[Math.max(0, (after < 0 ? stops.length : after) - 1)] as Stops[number];
  const share = end === start ? 0 : (at - start) / (end - start);
  const last = channels(endColour);
  return channels(startColour).map((value, i) => value + ((last[i] as number) - value) * share);
}

function channels(colour: Colour): number[] {
  const pair = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [pair(1), pair(3), pair(5), colour.length > 7 ? pair(7) / 255 : 1];
}
