/** One line on a terminal that tells how far long work is; silent where there is no terminal. */
export function createProgress(total: number): { step(words: string): void; end(): void } {
  const { stderr } = process;
  let done = 0;
  if (!stderr.isTTY) return { step: () => {}, end: () => {} };
  return {
    step: (words) => {
      done++;
      const width = (stderr.columns ?? 80) - 1;
      stderr.write(
        `\r\x1b[K${`${String(done).padStart(String(total).length)}/${total}  ${words}`.slice(0, width)}`,
      );
    },
    end: () => void stderr.write('\r\x1b[K'),
  };
}
