/**
 * The pages of a login, and all of HTTP around OpenID Connect.
 *
 *   request ─▶ log ─▶ error pages ─▶ headers ─▶ assets │ health
 *           ─▶ limits ─▶ draining ─▶ cross-site check ─▶ form body
 *           ─▶ posted requests of OpenID Connect, sent on by GET
 *           ─▶ /language │ /clients/:id/… │ /login/:uid …, /callback/smart-id │ /browser │ everything else: oidc-provider
 *
 * No state of a login is kept here: each request reads it from `login/`, takes one step, and renders the result.
 */
import Koa from 'koa';
import type { Audit } from '../audit/audit.ts';
import type { Logger } from '../log/logger.ts';
import type { Rate } from '../login/limits/limit-rules.ts';
import type { Login } from '../login/login.ts';
import type { ClientBranding } from '../oidc/clients/client-branding.ts';
import type { KnownBrowserStore } from '../login/known-browser-store.ts';
import type { LoginInteractions } from '../oidc/interaction/login-interaction.ts';
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
import type { LoginPageDependencies } from './login/page-context.ts';
import { loginRoutes } from './login/routes.ts';
import { createWaitingLimits, UNLIMITED } from './login/waiting-limits.ts';
import type { OfferedFlows } from './login/flow-choice.ts';
import { openId, type OpenIdHandler } from './middleware/openid.ts';
import type { LoadedPages } from './pages/load-pages.ts';
import type { LayoutOptions } from './pages/rendering.ts';
import { postedRequests } from './middleware/posted-requests.ts';
import { requestLimits } from './middleware/request-limits.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { unreadProxy } from './middleware/untrusted-proxy-warning.ts';

export interface WebAppOptions extends Pick<LayoutOptions, 'issuer' | 'environment'> {
  readonly loaded: LoadedPages;
  /** Number of reverse proxies in front of Sild: that many entries of `X-Forwarded-For`, from its end, are trusted. */
  readonly trustProxy: number;
  /** Requests that one address may send to this instance; undefined: no limit. */
  readonly requestRate: Rate | undefined;
  readonly login: Login;
  readonly interactions: LoginInteractions;
  /** Makes device links: the eID. */
  readonly links: LoginPageDependencies['links'];
  readonly offered: OfferedFlows;
  readonly knownBrowsers: KnownBrowserStore;
  /** A random token to recognise a browser by: 32 bytes, Base64url. */
  readonly newBrowserToken: () => string;
  readonly secrets: LoginPageDependencies['secrets'];
  /** Branding of a client; `undefined` if there is no such client. */
  readonly brandingOf: (clientId: string) => Promise<ClientBranding | undefined>;
  /** Answers every request that no page answers: oidc-provider's `callback()`. */
  readonly oidc: OpenIdHandler;
  /** Resolves if a login could be served, throws if not. */
  readonly ready: () => Promise<void>;
  readonly audit: Audit;
  readonly log: Logger;
  /** Whether this instance is stopping: then it begins no new login. */
  readonly draining: () => boolean;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
}

export function createWebApp(options: WebAppOptions): Koa<WebState> {
  const { issuer, environment, trustProxy, login, interactions, audit, log, now = Date.now } = options;
  const { assets, pages } = options.loaded;
  const dependencies: LoginPageDependencies = {
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
    // Before the limits: assets cost nothing, and health probes must always get an answer.
    assets.serve,
    health(options.ready, options.draining, log),
    requestLimits(options.requestRate, pages, now),
    draining(options.draining, pages),
    crossSite(issuer, audit),
    formBody(),
    postedRequests(),
    languageChoice(issuer),
    brandingRoutes(options.brandingOf),
    loginRoutes(dependencies),
    browserPage(dependencies),
    openId(options.oidc, issuer, pages, log),
  ];
  const app = new Koa<WebState>({ proxy: trustProxy > 0, maxIpsCount: trustProxy });
  // Cookies are `Secure` according to the public address, also where a proxy terminates TLS.
  answerAsIssuer(app, issuer);
  for (const step of middleware) app.use(step);
  // What no error page could answer: a broken connection, or an error page that cannot be rendered.
  app.on('error', (error: unknown) => {
    log.warn({ event: 'response_broken', err: error }, 'response broken');
  });
  return app;
}
