import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './job.ts';

/** The jobs of a folder by name; each file `name.ts` exports one `job`. */
export async function loadJobs<Context>(folder: string): Promise<Map<string, Job<Context>>> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const entries = names.map(async (file): Promise<[string, Job<Context>]> => {
    const { job } = (await import(join(folder, file))) as { job?: Job<Context> };
    if (!job) throw new Error(`${join(folder, file)} exports no job`);
    return [file.slice(0, -3), job];
  });
  return new Map(await Promise.all(entries));
}
