import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { PICTURE, picture } from '../../src/newsroom/pictures.ts';
import { listStories } from '../../src/newsroom/story.ts';

const names = listStories().flatMap(({ image }) => image?.name ?? []);

for (const name of names) {
  test(`${name} is a sound PNG of 1200 by 676, under 200 KB, with a picture in it`, () => {
    const bytes = Buffer.from(picture(name) as Uint8Array);
    assert.ok(bytes.length < 200_000, `${bytes.length} bytes`);
    const chunks = chunksOf(bytes);
    assert.deepEqual(
      chunks.map(({ type }) => type),
      ['IHDR', 'IDAT', 'IEND'],
    );
    const [header, data] = chunks.map((chunk) => chunk.data) as [Buffer, Buffer];
    assert.deepEqual([header.readUInt32BE(0), header.readUInt32BE(4)], [PICTURE.width, PICTURE.height]);
    assert.deepEqual([...header.subarray(8)], [8, 2, 0, 0, 0]);
    const rows = rowsOf(inflateSync(data));
    const colours = new Set(rows.flatMap((row) => [0, 301, 600, 899].map((x) => row.readUIntBE(x * 3, 3))));
    assert.ok(colours.size > 200, `only ${colours.size} colours in four columns`);
    for (const row of rows)
      assert.ok(
        row.some((value) => value > 12),
        'a row was left black',
      );
  });
}

test('a picture is drawn once, by its name with or without the ending', () => {
  assert.equal(picture('dome-at-dawn'), picture('dome-at-dawn.png'));
});

test('there is no picture by another name', () => {
  for (const name of ['', 'nothing', 'constructor', '../pictures', 'dome-at-dawn.svg'])
    assert.equal(picture(name), undefined);
});

function chunksOf(bytes: Buffer): { type: string; data: Buffer }[] {
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(body));
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
    at += length + 12;
  }
  return chunks;
}

/** The rows of an image without their filters (PNG 3, §9): only those we write. */
function rowsOf(data: Buffer): Buffer[] {
  const stride = PICTURE.width * 3;
  assert.equal(data.length, (stride + 1) * PICTURE.height);
  const rows: Buffer[] = [];
  for (let y = 0; y < PICTURE.height; y++) {
    const row = Buffer.from(data.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    const filter = data[y * (stride + 1)];
    assert.ok(filter === 1 || filter === 2, `filter ${filter}`);
    const above = rows.at(-1);
    for (let x = 0; x < stride; x++) {
      const neighbour = filter === 2 ? (above?.[x] ?? 0) : x < 3 ? 0 : (row[x - 3] as number);
      row[x] = ((row[x] as number) + neighbour) & 255;
    }
    rows.push(row);
  }
  return rows;
}
