/** How a kind of letter is treated on its way. */
type Kind = {
  /** Place among the letters that the clock sends, 1 the weightiest: a reader gets one of them a day. None: it answers somebody, and goes at once. */
  clock?: number;
  /** Whether it carries the header fields of a list; letters that a person has just asked for are no list's. */
  of_list: boolean;
};

/** Every letter there is (TRIALS §2). */
const LETTER_KINDS = {
  confirm: { of_list: false },
  welcome: { of_list: true },
  'trial-value': { clock: 4, of_list: true },
  'trial-midway': { clock: 3, of_list: true },
  'trial-ending': { clock: 2, of_list: true },
  'trial-ended': { clock: 1, of_list: true },
  'trial-extended': { of_list: true },
  converted: { of_list: true },
  'win-back': { clock: 5, of_list: true },
  paused: { of_list: true },
  resumed: { of_list: true },
  'address-failing': { of_list: false },
  'invoice-request': { of_list: false },
  'group-request': { of_list: false },
  'desk-call': { of_list: false },
  'edition-test': { of_list: false },
  'sign-in': { of_list: false },
  'new-password': { of_list: false },
  'password-changed': { of_list: false },
  'address-approve': { of_list: false },
  'address-confirm': { of_list: false },
  'address-changed': { of_list: false },
} as const satisfies Record<string, Kind>;

export type LetterName = keyof typeof LETTER_KINDS;

/** The name of every letter. */
export const LETTER_NAMES = Object.keys(LETTER_KINDS) as LetterName[];

const kinds: Record<string, Kind> = LETTER_KINDS;

/** The letters the clock sends, the weightiest first. */
export const CLOCK_LETTERS: readonly string[] = LETTER_NAMES.filter(
  (name) => kinds[name]?.clock !== undefined,
).sort((a, b) => (kinds[a]?.clock as number) - (kinds[b]?.clock as number));

/** Whether a letter carries the header fields of a list. */
export const isOfList = (letter: LetterName): boolean => LETTER_KINDS[letter].of_list;
