/** How long a password may be, in UTF-16 units; what it is made of is its owner's business. */
export const PASSWORD_CHARACTERS = { least: 10, most: 256 };

/** What is wrong with a new password, as a sentence; null where nothing is. */
export function passwordComplaint(password: string): string | null {
  const { least, most } = PASSWORD_CHARACTERS;
  if (password.length < least) return `Too short: a password has at least ${least} characters.`;
  if (password.length > most) return `Too long: a password has at most ${most} characters.`;
  return null;
}
