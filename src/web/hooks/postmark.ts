import { forbidden } from '../../errors.ts';
import type { HookSite, Receive } from './hook.ts';
import { isSame } from './same.ts';

/** The hook of Postmark, which signs nothing: the secret stands in its path, or is the password of basic authentication. */
export function openPostmark({ config }: HookSite): Receive | undefined {
  const expected = config.POSTMARK_HOOK_SECRET;
  if (expected === undefined) return undefined;
  return async ({ body, secret, header }) => {
    const given = secret ?? passwordOf(header('authorization'));
    if (given === undefined || !isSame(given, expected))
      throw forbidden('a notice for Postmark came without the secret of POSTMARK_HOOK_SECRET');
    return { way: 'postmark', form: 'notice', raw: body };
  };
}

/** RFC 7617 §2. */
function passwordOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic ([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}
