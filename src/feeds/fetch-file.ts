import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { forbidden, invalid, notFound, PresstimeError } from '../errors.ts';
import type { Conditions, Fetched } from './fetch.ts';

/** A local file as an answer, with an ETag of its size and time; throws `forbidden` where files are not allowed. */
export async function readLocalFile(
  url: string,
  { allowFiles, limit, etag }: Conditions & { allowFiles: boolean; limit: number },
): Promise<Fetched> {
  if (!allowFiles)
    throw forbidden(`${url} may not be read: files are read only where the configuration allows it`);
  try {
    const path = fileURLToPath(url);
    const found = await stat(path);
    const { size, mtimeMs } = found;
    if (!found.isFile()) throw invalid(`${url} is no ordinary file`);
    if (size > limit) throw invalid(`${url} is larger than the ${limit.toLocaleString('en')} bytes we take`);
    const headers = { etag: `"${size}-${mtimeMs}"` };
    if (headers.etag === etag) return { status: 304, url, headers, body: new Uint8Array() };
    return { status: 200, url, headers, body: new Uint8Array(await readFile(path)) };
  } catch (error) {
    throw error instanceof PresstimeError ? error : notFound(`${url} cannot be read`, error);
  }
}
