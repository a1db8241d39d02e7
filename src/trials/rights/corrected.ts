/**
 * Why a reader may get no more editions and is still told of what was wrong in one they got: they did not ask to be left alone.
 */
export const STILL_CORRECTED: ReadonlySet<string> = new Set(['no_grant', 'paused', 'weekly']);
