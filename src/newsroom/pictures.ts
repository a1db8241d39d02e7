import { createCanvas, type Draw, drawOn } from './pictures/canvas.ts';
import { encodePng } from './pictures/png.ts';
import { drawCommitteeRoom } from './pictures/scenes/committee-room.ts';
import { drawDomeAtDawn } from './pictures/scenes/dome-at-dawn.ts';
import { drawPrairieBus } from './pictures/scenes/prairie-bus.ts';
import { drawReadingRoom } from './pictures/scenes/reading-room.ts';
import { drawReflectingPoolDucks } from './pictures/scenes/reflecting-pool-ducks.ts';

/** The size of every picture, in pixels. */
export const PICTURE = { width: 1200, height: 676 };

const SCENES: Record<string, (draw: Draw) => void> = {
  'dome-at-dawn': drawDomeAtDawn,
  'committee-room': drawCommitteeRoom,
  'prairie-bus': drawPrairieBus,
  'reading-room': drawReadingRoom,
  'reflecting-pool-ducks': drawReflectingPoolDucks,
};

const drawn = new Map<string, Uint8Array>();

/**
 * The sample newsroom's picture of this name (`dome-at-dawn`, with or without `.png`) as the bytes of a PNG, or
 * undefined where there is none. Drawn when first asked for, then kept.
 */
export function picture(name: string): Uint8Array | undefined {
  const scene = name.replace(/\.png$/, '');
  const draw = Object.hasOwn(SCENES, scene) ? SCENES[scene] : undefined;
  if (draw === undefined) return undefined;
  const found = drawn.get(scene);
  if (found) return found;
  const canvas = createCanvas(PICTURE.width, PICTURE.height);
  draw(drawOn(canvas));
  const bytes = encodePng(canvas.pixels, canvas.width, canvas.height);
  drawn.set(scene, bytes);
  return bytes;
}
