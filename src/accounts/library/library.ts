/**
 * better-auth, loaded when the first reader signs in: 260 files and a third of a second, which a process that serves
 * pages to strangers, or none, need not spend.
 */
export const loadLibrary = async () => {
  const [{ betterAuth }, { magicLink }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins/magic-link'),
  ]);
  return { betterAuth, magicLink };
};
