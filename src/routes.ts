/** The one map of our addresses: pages, links in mail, redirects and tests are all built from it. */
export const routes = {
  front: '/',
  publication: '/:slug',
  signUp: '/:slug/trial',
  plans: '/:slug/plans',
  invoice: '/:slug/invoice',
  checkout: '/:slug/checkout',
  paid: '/:slug/paid/:subscription',
  groupTrial: '/:slug/group-trial',
  archive: '/:slug/editions',
  rssFeed: '/:slug/editions/feed.xml',
  jsonFeed: '/:slug/editions/feed.json',
  edition: '/:slug/editions/:date',
  weekly: '/:slug/editions/:date/weekly',
  confirm: '/confirm/:token',
  subscription: '/my/:token',
  leave: '/leave/:token',
  rejoin: '/rejoin/:token',
  more: '/more/:token',
  preferences: '/my/:token/preferences',
  pause: '/my/:token/pause',
  resume: '/my/:token/resume',
  renewal: '/my/:token/renewal',
  card: '/my/:token/card',
  go: '/go/:token',
  signIn: '/sign-in',
  signInLink: '/sign-in/:token',
  signingIn: '/signing-in',
  signOut: '/sign-out',
  forgotPassword: '/forgot-password',
  newPassword: '/new-password/:token',
  newAddress: '/new-address/:token',
  account: '/account',
  accountPassword: '/account/password',
  accountAddress: '/account/address',
  accountSessions: '/account/sessions',
  accountData: '/account/data.json',
  accountErase: '/account/erase',
  preview: '/preview/:token',
  mailbox: '/mailbox',
  mailboxMessage: '/mailbox/:id',
  mailboxPart: '/mailbox/:id/:part',
  picture: '/pictures/:name',
  story: '/stories/:slug',
  newsroomFeed: '/newsroom/feed.xml',
  asset: '/assets/:name',
  hook: '/hooks/:provider',
  hookWithSecret: '/hooks/:provider/:secret',
  health: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
} as const;

/** `route` with its parameters filled in and escaped: `path(routes.edition, { slug, date })`. */
export function path(route: string, parameters: Record<string, string | number> = {}): string {
  return route.replace(/:(\w+)/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`no value for :${name} in ${route}`);
    return encodeURIComponent(value);
  });
}
