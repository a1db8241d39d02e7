import { type Address, parseAddress } from '../subscribers/address.ts';

/** An address that somebody else wrote down, or undefined where it is none that we could have written to. */
export function tryAddress(text: string | null): Address | undefined {
  try {
    return text === null ? undefined : parseAddress(text);
  } catch {
    return undefined;
  }
}

/** What stands after the @. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
