import { readFile } from 'node:fs/promises';
import { parseAddress } from '../../src/subscribers/address.ts';

type Case = { id: string; address: string; category: string; diagnosis: string };

/** How many erroneous addresses are refused and plain valid ones accepted, and which are not, from a file of cases. */
export async function scoreAddresses(file: string | URL): Promise<{
  refused: { right: number; of: number };
  accepted: { right: number; of: number };
  failing: string[];
}> {
  const cases = JSON.parse(await readFile(file, 'utf8')) as Case[];
  const erroneous = cases.filter(({ category }) => category === 'ISEMAIL_ERR');
  const valid = cases.filter(({ diagnosis }) => diagnosis === 'ISEMAIL_VALID');
  const taken = erroneous.filter(({ address }) => isTaken(address));
  const lost = valid.filter(({ address }) => !isTaken(address));
  return {
    refused: { right: erroneous.length - taken.length, of: erroneous.length },
    accepted: { right: valid.length - lost.length, of: valid.length },
    failing: [...taken, ...lost].map(({ id, address }) => `${id} ${JSON.stringify(address)}`),
  };
}

function isTaken(address: string): boolean {
  try {
    parseAddress(address);
    return true;
  } catch {
    return false;
  }
}
