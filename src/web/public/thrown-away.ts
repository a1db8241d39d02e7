/** What is said of an address that is made to be thrown away; whom to write to instead follows it. */
export const thrownAway = (domain: string): string =>
  `Addresses at ${domain} are made to be thrown away, so an edition would soon reach nobody. Please give one that you keep, or write to us, and we start your trial:`;
