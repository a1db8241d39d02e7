/**
 * Why better-auth refuses: the code it throws, or the one in the address it would lead to. Throws on what is no
 * refusal but a fault.
 */
export function refusalOf(thrown: unknown): string {
  const { body, headers } = thrown as { body?: { code?: string }; headers?: HeadersInit };
  const location = headers && new Headers(headers).get('location');
  const code = body?.code ?? (location && new URL(location, 'http://ours.invalid').searchParams.get('error'));
  if (code) return code;
  throw thrown;
}
