import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { routes } from '../../routes.ts';
import type { Env, Site } from '../site.ts';

const LARGEST_FORM_BYTES = 64 * 1024;
const NONE = ["'none'"];
const SELF = ["'self'"];

/**
 * What every request passes: security headers, a limit on its body, and no form from another site. A page may set a
 * header of its own where it needs another; a link in a mail to leave is exempt from the last, by RFC 8058.
 */
export function protect(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.use(headers(site.config.PUBLIC_URL));
  app.use(
    bodyLimit({
      maxSize: LARGEST_FORM_BYTES,
      onError: () => {
        throw new HTTPException(413);
      },
    }),
  );
  const sameSite = fromThisSite(site.config.PUBLIC_URL);
  app.use((c, next) => (isLeaving(c.req.path) ? next() : sameSite(c, next)));
  return app;
}

function headers(publicUrl: string): MiddlewareHandler {
  return secureHeaders({
    overwrite: false,
    contentSecurityPolicy: {
      defaultSrc: NONE,
      scriptSrc: SELF,
      styleSrc: SELF,
      connectSrc: SELF,
      frameSrc: SELF,
      imgSrc: ["'self'", 'https:', 'data:', new URL(publicUrl).origin],
      formAction: SELF,
      frameAncestors: NONE,
      baseUri: NONE,
    },
    // not `no-referrer`: under it a browser sends "Origin: null" with our own forms
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    strictTransportSecurity: publicUrl.startsWith('https:'),
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [] },
  });
}

function fromThisSite(publicUrl: string): MiddlewareHandler {
  const ours = new URL(publicUrl).origin;
  return csrf({ origin: (origin, c) => origin === ours || origin === new URL(c.req.url).origin });
}

const isLeaving = (path: string): boolean => path.startsWith(routes.leave.replace(':token', ''));
