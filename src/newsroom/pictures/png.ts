import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The row filters of PNG (W3C PNG 3, §9.2) that drawn pictures gain from: each byte less its left or upper neighbour. */
const SUB = 1;
const UP = 2;

/** A PNG (8-bit RGB, not interlaced) of `pixels`: three bytes a pixel, rows from the top. */
export function encodePng(pixels: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(filterRows(pixels, width * 3, height), { level: 6, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Each row under the filter that leaves it the fewer non-zero bytes. */
function filterRows(pixels: Uint8ClampedArray, stride: number, height: number): Uint8Array {
  const rows = new Uint8Array((stride + 1) * height);
  const nothing = new Uint8ClampedArray(stride);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * stride, (y + 1) * stride);
    const above = y === 0 ? nothing : pixels.subarray((y - 1) * stride, y * stride);
    let [sub, up] = [0, 0];
    for (let x = 3; x < stride; x++) {
      if (row[x] !== row[x - 3]) sub++;
      if (row[x] !== above[x]) up++;
    }
    const out = rows.subarray(y * (stride + 1), (y + 1) * (stride + 1));
    out[0] = up <= sub ? UP : SUB;
    for (let x = 0; x < stride; x++) {
      const neighbour = up <= sub ? above[x] : x < 3 ? 0 : row[x - 3];
      out[x + 1] = (row[x] as number) - (neighbour as number);
    }
  }
  return rows;
}
