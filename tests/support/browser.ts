import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

/**
 * A headless Chromium: the one that CHROMIUM_PATH names, else on linux x64 the one that comes through npm, unpacked
 * once (built for servers, and twice as fast as a desktop's), else the system's. Works as root too. The caller closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  if (!named && process.platform === 'linux' && process.arch === 'x64') return launchUnpacked();
  const executablePath = named ?? INSTALLED.find((path) => existsSync(path));
  return chromium.launch(executablePath ? { executablePath, args: ['--no-sandbox'] } : { channel: 'chrome' });
}

async function launchUnpacked(): Promise<Browser> {
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', '--disable-dev-shm-usage'],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  });
}

/** The folder of the unpacked browser. Several processes may arrive at once: each unpacks aside, the first rename wins. */
async function unpacked(): Promise<string> {
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin');
  const candidates = cacheFolders().map((parent) => join(parent, 'presstime-chromium'));
  const ready = candidates.find((folder) => existsSync(join(folder, 'fonts.conf')) && trusted(folder));
  if (ready) return ready;
  const target = candidates.find((folder) => writable(dirname(folder)))!;
  const aside = mkdtempSync(join(dirname(target), 'chromium-'));
  await unpackInto(aside, bin);
  writeFileSync(join(aside, 'fonts.conf'), fontsConf(target));
  for (const file of ['.', 'chromium']) chmodSync(join(aside, file), 0o755);
  try {
    renameSync(aside, target);
  } catch {
    rmSync(aside, { recursive: true, force: true });
  }
  return target;
}

/** The second is for a checkout that belongs to somebody else. */
function cacheFolders(): string[] {
  return [join(import.meta.dirname, '..', '..', 'node_modules', '.cache'), tmpdir()];
}

/** A stranger may have put a program of that name into the shared folder for temporary files. */
function trusted(folder: string): boolean {
  return [0, process.getuid?.()].includes(statSync(folder).uid);
}

function writable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, 'probe-')), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/** The package unpacks into the folder for temporary files and nowhere else, so that folder is ours for a moment. */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium');
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const files = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
    await Promise.all(files.map((file) => inflate(join(bin, file))));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** The package's own configuration names a folder that does not exist here, and without a font Chromium dies. */
function fontsConf(folder: string): string {
  const fonts = [join(folder, 'fonts'), '/usr/share/fonts'].map((path) => `<dir>${path}</dir>`).join('');
  const cache = `<cachedir prefix="xdg">fontconfig</cachedir><cachedir>${join(folder, 'fc-cache')}</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}${cache}</fontconfig>`;
}
