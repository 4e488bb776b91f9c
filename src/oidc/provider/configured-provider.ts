/**
 * oidc-provider with Sild's configuration, for one set of signing keys.
 *
 *   parts (records, receipts, grants, CIBA) ─▶ configuration/ ─▶ provider ─▶ what it does beyond its configuration
 */
import type { RequestListener } from 'node:http';
import Provider, { type JWKS } from 'oidc-provider';
import type { Audit } from '../../audit/audit.ts';
import { addAccessTokenHash } from './access-token-hash.ts';
import { shownClient } from '../clients/shown-client.ts';
import { acceptPreviousSecrets } from '../clients/secrets/previous-secret.ts';
import { addUnfilteredClaims } from '../claims-profiles/unfiltered-claims.ts';
import { recordTokens } from './audit-trail.ts';
import type { BrowserBinding } from '../interaction/browser-binding.ts';
import { configurationOf } from './configuration/configuration.ts';
import { refuseLogout, reportErrors } from './errors.ts';
import { type BrowserLogins, createBrowserLogins } from '../logout/browser-logins.ts';
import { chooseLoginToEnd } from '../logout/logout-choice.ts';
import { keepLanguageOfLogout } from '../logout/logout-language.ts';
import { answerStay } from '../logout/stay-logged-in.ts';
import { endUnregisteredAtOwnPage } from '../logout/unregistered-address.ts';
import { endLogoutWithoutLogin, storeNoSessionWithoutLogin } from '../logout/without-login.ts';
import { answerOutages } from './outages.ts';
import { showPagesBeforeApps } from './pages-before-apps.ts';
import { answerAsIssuer } from './public-origin.ts';
import type { ProviderOptions } from './configuration/provider-options.ts';
import { boundStoredRequests } from './stored-requests.ts';
import { stateWhatIsOffered } from '../discovered-metadata.ts';
import { createCiba } from '../ciba/ciba.ts';
import type { Following, Pings } from '../ciba/pings.ts';
import { keepRegisteredQuery } from './registered-query.ts';
import { detectReplays } from '../clients/replay-detection.ts';
import { canOfferBackchannel } from '../login-settings/login-settings.ts';
import { createReceipts } from '../receipts/receipts.ts';
import { createRequestRecords, type RequestRecords } from '../records/request-records.ts';
import { repeatResume, type RepeatedResumeOptions } from '../interaction/repeated-resume.ts';
import { createExpectedSubject, type ExpectedSubject } from '../interaction/expected-subject.ts';
import { createLoginGrants, type LoginGrants } from '../interaction/login-grant.ts';
import { forgetAtLogout } from '../remembered/logout.ts';
import { createRecall, rememberLogins } from '../remembered/recall.ts';
import { createRememberedCookie, type RememberedCookie } from '../remembered/remembered-cookie.ts';
import { requireBoundBrowser, resumedInteraction } from '../interaction/resume.ts';
import { acceptAliases } from '../mtls/alias-addresses.ts';
import { replaceSelfSubmittingPages } from './self-submitting-forms.ts';

export interface ConfiguredProvider {
  readonly provider: Provider;
  readonly grants: LoginGrants;
  readonly requests: RequestRecords;
  /** Undefined where no client can ask without a browser. */
  readonly pings: Pings | undefined;
}

/** @param following the logins without a browser that this instance follows */
export function configuredProvider(
  options: ProviderOptions,
  binding: BrowserBinding,
  jwks: JWKS,
  following: Following,
): ConfiguredProvider {
  const { issuer, pairwiseKey, pages, audit, log, now, isOutage } = options;
  const requests = createRequestRecords(options.records, options.loginResults, isOutage);
  const { records, loginResults } = requests;
  const secure = issuer.startsWith('https:');
  const cookie = createRememberedCookie(secure);
  const logins = createBrowserLogins(secure);
  const receipts = createReceipts({ issuer, records, jwks, audit, isOutage, log, now });
  const expected = createExpectedSubject(() => provider, pairwiseKey);
  const grants = createLoginGrants({
    provider: () => provider,
    loginResults,
    expected,
    operator: options.operator,
    receipts,
  });
  const recall = createRecall({ cookie, loginResults, grants, now });
  const ciba = options.ciba && createCiba({ ...options, ...options.ciba, requests, grants, following });
  const provider: Provider = new Provider(
    issuer,
    configurationOf(options, jwks, { requests, binding, receipts, recall, ciba }),
  );
  serveAt(provider, options);
  reportErrors(provider, pages, audit, log);
  stateWhatIsOffered(provider, ciba !== undefined && canOfferBackchannel(options.operator));
  // Around everything that reads a store.
  const hasFailed = answerOutages(provider, pages, isOutage, log);
  receipts.endWithTokens(provider);
  extendTokens(provider, options, requests);
  chooseLoginToEnd(provider, logins, now);
  storeNoSessionWithoutLogin(provider);
  rememberLogins(provider, cookie);
  detectReplays(provider, records);
  acceptPreviousSecrets(provider, now);
  boundStoredRequests(provider, options.waitOfPushed);
  const pings = ciba?.connect(provider);
  endUnregisteredAtOwnPage(provider, issuer, audit);
  addMiddleware(provider, {
    binding,
    cookie,
    expected,
    logins,
    audit,
    requests,
    pages,
    hasFailed,
    isOutage,
    log,
    now,
  });
  return { provider, grants, requests, pings };
}

/** Sets which proxies and addresses the provider accepts: those of the deployment, not the Host of a request. */
function serveAt(
  provider: Provider,
  { issuer, trustProxy, mutualTls }: Pick<ProviderOptions, 'issuer' | 'trustProxy' | 'mutualTls'>,
): void {
  provider.proxy = trustProxy > 0;
  provider.maxIpsCount = trustProxy;
  answerAsIssuer(provider, issuer);
  acceptAliases(provider, mutualTls?.origin);
}

/** What tokens have besides what oidc-provider puts into them, and their events in the audit. */
function extendTokens(
  provider: Provider,
  { audit, now }: Pick<ProviderOptions, 'audit' | 'now'>,
  requests: RequestRecords,
): void {
  addAccessTokenHash(provider);
  addUnfilteredClaims(provider);
  recordTokens(
    provider,
    audit,
    (act) => {
      requests.afterStored(act);
    },
    now,
  );
}

interface MiddlewareParts extends Omit<RepeatedResumeOptions, 'binding' | 'resumeCookie'> {
  readonly binding: BrowserBinding;
  readonly cookie: RememberedCookie;
  readonly expected: ExpectedSubject;
  readonly logins: BrowserLogins;
  readonly audit: Audit;
}

/** The middleware around oidc-provider's routes, from the outside to the inside. */
function addMiddleware(provider: Provider, parts: MiddlewareParts): void {
  const { binding, cookie, expected, logins, audit, ...resume } = parts;
  const { requests, pages, hasFailed } = resume;
  const resumeCookie = provider.cookieName('resume');
  const resumedBy = resumedInteraction(resumeCookie);
  provider.use(requireBoundBrowser(resumedBy, binding, pages, audit));
  provider.use(
    answerStay(provider, logins, {
      stillLoggedIn(ctx, client) {
        pages.stillLoggedIn(ctx, client && shownClient(client));
      },
      refused(ctx) {
        refuseLogout(ctx, pages, audit);
      },
    }),
  );
  provider.use((ctx, next) =>
    requests.answer(next, {
      outcome: () => (hasFailed(ctx) ? 'failed' : ctx.status < 400 ? 'succeeded' : 'refused'),
      isAbandoned: () => ctx.req.socket.destroyed,
    }),
  );
  // Within it, so that a logout is not left half done.
  forgetAtLogout(provider, cookie, requests.records, expected);
  provider.use(repeatResume(resumedBy, { ...resume, binding, resumeCookie }));
  // After it, so that a repeated answer is the one that was sent.
  provider.use(replaceSelfSubmittingPages(pages));
  provider.use(showPagesBeforeApps(pages));
  provider.use(keepRegisteredQuery);
  keepLanguageOfLogout(provider);
  provider.use(endLogoutWithoutLogin(provider));
}

export function listenerOf(provider: Provider): RequestListener {
  const handle = provider.callback();
  return (req, res) => void handle(req, res);
}
