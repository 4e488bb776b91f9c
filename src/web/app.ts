/**
 * The pages of a login, and all of HTTP around OpenID Connect.
 *
 *   request ─▶ log ─▶ error pages ─▶ headers ─▶ assets │ health
 *           ─▶ limits ─▶ draining ─▶ cross-site check ─▶ form body
 *           ─▶ posted requests of OpenID Connect, sent on by GET
 *           ─▶ /language │ /clients/:id/… │ /login/:uid …, /callback/smart-id │ /browser │ everything else: oidc-provider
 *
 * Nothing of a login is kept here: each request reads it from `login/`, goes one step on, and draws what it is then.
 */
import Koa from 'koa';
import type { Audit } from '../audit/audit.ts';
import type { Logger } from '../log/logger.ts';
import type { Rate } from '../login/limit-rules.ts';
import type { Login } from '../login/login.ts';
import type { ClientBranding } from '../oidc/clients/client-branding.ts';
import type { KnownBrowserStore } from '../login/known-browser-store.ts';
import type { LoginInteractions } from '../oidc/interaction/login-interaction.ts';
import type { OidcPages } from '../oidc/provider/pages.ts';
import { loadAssets } from './pages/assets.ts';
import { answerAsIssuer } from '../oidc/provider/public-origin.ts';
import { browserPage } from './pages/browser-page.ts';
import { brandingRoutes } from './branding/routes.ts';
import type { WebMiddleware, WebState } from './context.ts';
import { crossSite } from './middleware/cross-site.ts';
import { draining } from './middleware/draining.ts';
import { errorPages } from './middleware/error-pages.ts';
import { formBody } from './middleware/form-body.ts';
import { health } from './middleware/health.ts';
import { languageChoice } from './pages/language-links.ts';
import type { LoginRooms } from './login/handler.ts';
import { loginRoutes } from './login/routes.ts';
import { createWaitingLimits, UNLIMITED } from './login/waiting-limits.ts';
import type { OfferedWays } from './login/ways.ts';
import { oidcPagesOf } from './pages/oidc-pages.ts';
import { openId, type OpenIdHandler } from './middleware/openid.ts';
import { createPages, type PageOptions } from './pages/pages.ts';
import { postedRequests } from './middleware/posted-requests.ts';
import { requestLimits } from './middleware/request-limits.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { unreadProxy } from './middleware/untrusted-proxy-warning.ts';

export interface WebAppOptions extends PageOptions {
  /** How many reverse proxies stand before Sild: so many entries of `X-Forwarded-For`, from its end, are believed. */
  readonly trustProxy: number;
  /** What one address may ask of this instance; undefined: any number of requests. */
  readonly requestRate: Rate | undefined;
  readonly login: Login;
  readonly interactions: LoginInteractions;
  /** Makes device links; `SmartId` does. */
  readonly links: LoginRooms['links'];
  readonly offered: OfferedWays;
  readonly knownBrowsers: KnownBrowserStore;
  /** A random token for a browser to be known by: 32 bytes, Base64url. */
  readonly newBrowserToken: () => string;
  readonly secrets: LoginRooms['secrets'];
  /** How a client looks to people; `undefined` where there is no such client. */
  readonly brandingOf: (clientId: string) => Promise<ClientBranding | undefined>;
  /** Answers every request that is not for the pages, oidc-provider's `callback()`. */
  readonly oidc: OpenIdHandler;
  /** Resolves when a login could be served, throws when not. */
  readonly ready: () => Promise<void>;
  readonly audit: Audit;
  readonly log: Logger;
  /** Whether this instance is about to stop: then it takes no new login. */
  readonly draining: () => boolean;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
}

export function createWebApp(options: WebAppOptions): Koa<WebState> {
  const { issuer, environment, trustProxy, login, interactions, audit, log, now = Date.now } = options;
  const assets = loadAssets();
  const pages = createPages(options, assets);
  const rooms = {
    login,
    interactions,
    links: options.links,
    offered: options.offered,
    knownBrowsers: options.knownBrowsers,
    newBrowserToken: options.newBrowserToken,
    secrets: options.secrets,
    pages,
    waiting: options.requestRate ? createWaitingLimits(now) : UNLIMITED,
    checkDigit: environment === 'live',
    simulated: environment === 'simulator',
    audit,
    now,
  };
  const middleware: readonly WebMiddleware[] = [
    requestLog(log, now),
    errorPages(pages, log),
    securityHeaders(issuer),
    unreadProxy(trustProxy, log),
    // Before the limits: what costs nothing, and what an operator's probes ask for.
    assets.serve,
    health(options.ready, options.draining, log),
    requestLimits(options.requestRate, pages, now),
    draining(options.draining, pages),
    crossSite(issuer, audit),
    formBody(),
    postedRequests(),
    languageChoice(issuer),
    brandingRoutes(options.brandingOf),
    loginRoutes(rooms),
    browserPage(rooms),
    openId(options.oidc, issuer, pages, log),
  ];
  const app = new Koa<WebState>({ proxy: trustProxy > 0, maxIpsCount: trustProxy });
  // Cookies are secure by the public address, whoever ends TLS.
  answerAsIssuer(app, issuer);
  for (const step of middleware) app.use(step);
  // What no page could answer: a connection that broke, or an error page that cannot be drawn.
  app.on('error', (error: unknown) => {
    log.warn({ event: 'response_broken', err: error }, 'response broken');
  });
  return app;
}

/** The pages that oidc-provider needs; made before the app, since the provider is. */
export function createOidcPages(options: PageOptions): OidcPages {
  return oidcPagesOf(createPages(options, loadAssets()));
}
