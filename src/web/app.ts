/**
 * The pages of a login, and all of HTTP around OpenID Connect.
 *
 *   request ─▶ log ─▶ error pages ─▶ headers ─▶ assets │ health
 *           ─▶ limits ─▶ draining ─▶ cross-site check ─▶ form body
 *           ─▶ posted requests of OpenID Connect, sent on by GET
 *           ─▶ /language │ /clients/:id/… │ /login/:uid …, /callback/smart-id │ /browser │ /me … │ / │ everything else: oidc-provider
 *
 * No state of a login is kept here: each request reads it from `login/`, takes one step, and renders the result.
 */
import Koa from 'koa';
import type { Audit } from '../audit/audit.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Rate } from '../login/limits/limit-rules.ts';
import type { OpenIdProvider } from '../oidc/openid-provider.ts';
import { answerAsIssuer } from '../oidc/provider/public-origin.ts';
import { browserPage } from './pages/browser-page.ts';
import { authorizationLimits } from './middleware/authorization-limits.ts';
import { brandingRoutes } from './branding/routes.ts';
import type { WebMiddleware, WebState } from './context.ts';
import { crossSite } from './middleware/cross-site.ts';
import { draining } from './middleware/draining.ts';
import { errorPages } from './middleware/error-pages.ts';
import { formBody } from './middleware/form-body.ts';
import { health } from './middleware/health.ts';
import { historyRoutes, type HistoryRoutesDependencies } from './history/routes.ts';
import { issuerPage, type IssuerPageOptions } from './pages/issuer-page.ts';
import { languageChoice } from './pages/language-links.ts';
import { canonicalPaths } from './canonical-paths.ts';
import { languageOfAddress } from './language-of-address.ts';
import type { LoginPageDependencies } from './login/page-context.ts';
import { loginRoutes } from './login/routes.ts';
import { createWaitingLimits, type WaitingLimits } from './login/waiting-limits.ts';
import { openIdRequests } from './middleware/openid.ts';
import type { LoadedPages } from './pages/load-pages.ts';
import { postedRequests } from './middleware/posted-requests.ts';
import { requestLimits } from './middleware/request-limits.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { warnOfUntrustedProxy } from './middleware/untrusted-proxy-warning.ts';

type HistoryOptions = Pick<
  HistoryRoutesDependencies,
  'audit' | 'auditDays' | 'attempts' | 'records' | 'loginResults' | 'clientName'
>;

export interface WebAppOptions {
  readonly settings: IssuerPageOptions & {
    /** Number of reverse proxies in front of Sild: that many entries of `X-Forwarded-For`, from its end, are trusted. */
    readonly trustProxy: number;
    /** The header, in lower case, in which the proxy names the country of a browser; undefined: none does. */
    readonly countryHeader?: string | undefined;
    readonly offersToRememberCode?: boolean;
    /** Requests that one address may send to this instance; undefined: no limit. */
    readonly requestRate: Rate | undefined;
    /** Logins that one address may start; undefined: no limit. */
    readonly startRate: Rate | undefined;
  };
  readonly loaded: LoadedPages;
  readonly login: Pick<
    LoginPageDependencies,
    'login' | 'links' | 'knownBrowsers' | 'newBrowserToken' | 'secrets' | 'lookUpLogin'
  >;
  /** oidc-provider; its callback answers every request that no page answers. */
  readonly openId: Pick<OpenIdProvider, 'interactions' | 'remembered' | 'branding' | 'callback'>;
  /** What shows people the logins in their own name; undefined: nothing does. */
  readonly history?: HistoryOptions | undefined;
  /** By default as many logins may wait as come. */
  readonly waiting?: WaitingLimits;
  /** Resolves if a login could be served, throws if not. */
  readonly ready: () => Promise<void>;
  /** Whether an error says that the database cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
  /** Whether this instance is stopping: then it begins no new login. */
  readonly isDraining: () => boolean;
  readonly audit: Audit;
  readonly log: Logger;
  readonly metrics?: Pick<Metrics, 'requestEnded' | 'countWaitingPages' | 'countWaitingLogins'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createWebApp(options: WebAppOptions): Koa<WebState> {
  const { openId, isDraining, audit, log, isOutage, now } = options;
  const { issuer, environment, trustProxy, requestRate, startRate } = options.settings;
  const { assets, pages } = options.loaded;
  const { waiting = createWaitingLimits(now, { limited: requestRate !== undefined }) } = options;
  options.metrics?.countWaitingPages(() => waiting.pages());
  options.metrics?.countWaitingLogins(() => waiting.logins());
  const dependencies: LoginPageDependencies = {
    ...options.login,
    interactions: openId.interactions,
    pages,
    waiting,
    checkDigit: environment === 'live',
    simulated: environment === 'simulator',
    countryHeader: options.settings.countryHeader,
    offersToRemember: options.settings.offersToRememberCode ?? false,
    audit,
    now,
  };
  const middleware: readonly WebMiddleware[] = [
    requestLog(options, now),
    errorPages(pages, log, isOutage),
    securityHeaders(issuer),
    warnOfUntrustedProxy(trustProxy, log),
    // Before the limits: assets cost nothing, and health probes must always get an answer.
    assets.serve,
    canonicalPaths(),
    languageOfAddress(),
    health({ ready: options.ready, isDraining, isFull: () => waiting.isFull(), log }),
    requestLimits(requestRate, pages, now),
    authorizationLimits(startRate, pages, now),
    draining(isDraining, pages),
    crossSite(issuer, audit),
    formBody(),
    postedRequests(),
    languageChoice(issuer),
    brandingRoutes(openId.branding),
    loginRoutes(dependencies),
    browserPage({ ...dependencies, remembered: openId.remembered }),
    ...(options.history
      ? [historyRoutes({ ...dependencies, ...options.history, isOutage, issuer, recorder: audit })]
      : []),
    issuerPage(pages, options.settings),
    openIdRequests(openId.callback(), issuer, pages, log),
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
