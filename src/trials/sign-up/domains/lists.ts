import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lists that come with the program: addresses thrown away after use, and mail that anybody may have for nothing. */
type ListName = 'disposable' | 'free-mail';

const FOLDER = join(import.meta.dirname, '../../../../data/domains');

/** Mail domains of no one organisation that are on no list: House mail is one domain for all offices (TRIALS §3.4). */
const SHARED_BY_OFFICES = new Set(['house.gov']);

const lists = new Map<ListName, Set<string>>();

/** Whether a domain, or one above it, gives addresses to be thrown away. */
export const isDisposable = (domain: string): boolean => isOn(list('disposable'), domain);

/** Whether a domain, or one above it, is of people who have nothing else to do with each other. */
export const isShared = (domain: string): boolean =>
  isOn(SHARED_BY_OFFICES, domain) || isOn(list('free-mail'), domain);

/** A domain and those above it, the nearest first; the last label alone is nobody's. */
export function suffixesOf(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, from) => labels.slice(from).join('.'));
}

const isOn = (domains: Set<string>, domain: string): boolean =>
  suffixesOf(domain).some((suffix) => domains.has(suffix));

function list(name: ListName): Set<string> {
  return lists.getOrInsertComputed(
    name,
    () =>
      new Set(
        readFileSync(join(FOLDER, `${name}.txt`), 'utf8')
          .split('\n')
          .filter(Boolean),
      ),
  );
}
