/** The e-mail stands in the page itself, in a frame that inherits its policy: so here styles may be inline. */
export const DESK_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' http: https: data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
