import type { ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isDatabaseLost } from '../../db/lost.ts';
import { type ErrorKind, messageOf, PresstimeError, unavailable } from '../../errors.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { seemsSignedIn } from './account.ts';

const STATUS: Record<ErrorKind, ContentfulStatusCode> = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  forbidden: 403,
  unavailable: 503,
};

const WORDS: Record<number, { title: string; text: string }> = {
  400: { title: 'That did not work', text: 'Something in what you sent could not be used.' },
  403: {
    title: 'This form came from somewhere else',
    text: 'For your safety we take forms only from our own pages. Please go back to the page, reload it and try again.',
  },
  404: {
    title: 'There is nothing at this address',
    text: 'The link may be incomplete: some mail programs cut long addresses in two. Open it from the e-mail again, or start from the front page.',
  },
  409: { title: 'That does not fit any more', text: 'Something has changed since this page was made.' },
  413: { title: 'That was too long', text: 'The form holds more than we can take.' },
  500: {
    title: 'Something went wrong on our side',
    text: 'Nothing of yours is lost. We have been told; please try again in a little while.',
  },
  503: {
    title: 'We cannot do this right now',
    text: 'Nothing of yours is lost. Please try again in a few minutes.',
  },
};

/** The page for an address that leads nowhere; the same whatever was asked for, so that it tells nothing. */
export const nothingHere: NotFoundHandler<Env> = (c) => failurePage(c, 404);

/** Turns what a page threw into a page: in plain words where a person can do something, bare where it is a bug. */
export const failed: ErrorHandler<Env> = (thrown, c) => {
  const error = isDatabaseLost(thrown) ? unavailable('the database does not answer', thrown) : thrown;
  const { log } = c.var.site;
  const at = { request_id: c.var.requestId, method: c.req.method, route: routePath(c) };
  if (error instanceof HTTPException && error.status === 303) return error.getResponse(); // to the sign-in first
  if (error instanceof HTTPException) return failurePage(c, error.status);
  if (!(error instanceof PresstimeError)) {
    log.error({ ...at, err: error }, 'a page failed');
    return failurePage(c, 500);
  }
  const status = STATUS[error.kind];
  log[status === 503 ? 'error' : 'info']({ ...at, kind: error.kind, reason: messageOf(error) }, 'refused');
  if (status === 503) c.header('retry-after', '120');
  if (error.kind === 'forbidden' && seemsSignedIn(c)) return failurePage(c, 403, error.message, NOT_YOURS);
  return failurePage(c, status, [400, 409].includes(status) ? error.message : undefined);
};

const NOT_YOURS = {
  title: 'This is not yours to do',
  text: 'You are signed in, but your place does not allow it.',
};

function failurePage(c: Page, status: number, detail?: string, own?: typeof NOT_YOURS): Promise<Response> {
  const known = status in WORDS ? status : 500;
  const words = own ?? (WORDS[known] as { title: string; text: string });
  return show(c, 'failure', {
    title: words.title,
    text: words.text,
    detail: detail ?? null,
    reference: known === 500 ? c.var.requestId : null,
    status: known as ContentfulStatusCode,
    indexed: false,
  });
}
