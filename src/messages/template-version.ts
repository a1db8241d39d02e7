import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../templates/email');

let version: string | undefined;

/** The version of the templates that editions are made up with: SHA-256 over their files, hexadecimal. They are read once, as the renderer does. */
export function templateVersion(): string {
  if (version) return version;
  const hash = createHash('sha256');
  for (const file of globSync(['edition/*', 'parts/*'], { cwd: FOLDER }).sort())
    hash.update(`${file}\n`).update(readFileSync(join(FOLDER, file)));
  version = hash.digest('hex');
  return version;
}
