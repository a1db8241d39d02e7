/**
 * Bytes as text in the charset named. UTF-8 where none or an unknown one is named, or the bytes are no plain ASCII
 * and valid UTF-8; a byte that has no meaning becomes U+FFFD, so that this never throws.
 */
export function textOf(bytes: Buffer, charset?: string): string {
  const named = decoderFor(charset);
  if (named) return named.decode(bytes);
  const guessed = escapes(bytes) ? decoderFor('iso-2022-jp') : undefined;
  if (guessed) return guessed.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
    throw error;
  }
}

function decoderFor(charset?: string): TextDecoder | undefined {
  const label = charset?.trim().toLowerCase();
  if (!label || label === 'us-ascii' || label === 'ascii' || label === 'unknown-8bit') return undefined;
  try {
    return new TextDecoder(label);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether the bytes switch to a Japanese character set (RFC 1468), which some servers do without saying so. */
function escapes(bytes: Buffer): boolean {
  return bytes.includes('\x1b$B', 0, 'latin1') || bytes.includes('\x1b$@', 0, 'latin1');
}
