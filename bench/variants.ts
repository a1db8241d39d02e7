import type { Variant } from './order.ts';
import type { Signing } from './signing.ts';

/** One thing that is measured. `slow`: it takes milliseconds a message, so that fewer are enough. */
export type Measured = {
  name: string;
  what: string;
  variant: Variant | 'smtp-source';
  signing: Signing;
  slow: boolean;
};

/** The letters of the issue that asked for them come first in their names, so that a table can be read beside it. */
export const VARIANTS: Measured[] = [
  { name: 'a', what: "Postfix's smtp-source", variant: 'smtp-source', signing: 'none', slow: false },
  { name: 'b', what: "Nodemailer's pool, composing each", variant: 'composed', signing: 'none', slow: true },
  { name: 'c', what: 'our plain lane', variant: 'plain', signing: 'none', slow: true },
  { name: 'd', what: 'our fast lane', variant: 'fast', signing: 'none', slow: false },
  {
    name: 'b-rsa',
    what: 'the same as b, signed by Nodemailer',
    variant: 'composed',
    signing: 'rsa',
    slow: true,
  },
  { name: 'c-rsa', what: 'the same as c, signed', variant: 'plain', signing: 'rsa', slow: true },
  { name: 'd-rsa', what: 'the same as d, signed', variant: 'fast', signing: 'rsa', slow: false },
  {
    name: 'd-both',
    what: 'the same as d, signed with RSA and Ed25519',
    variant: 'fast',
    signing: 'both',
    slow: false,
  },
];
