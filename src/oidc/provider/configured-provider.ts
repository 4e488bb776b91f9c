/** oidc-provider with Sild's configuration, for one set of signing keys. */
import type { RequestListener } from 'node:http';
import Provider, { type ClientMetadata, type JWKS } from 'oidc-provider';
import type { Audit } from '../../audit/audit.ts';
import type { Logger } from '../../log/logger.ts';
import { createCookieSignatures } from '../../secrets/cookie-signatures.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { addAccessTokenHash } from './access-token-hash.ts';
import { createFindAccount, subjectFor } from './accounts.ts';
import type { ClientFetch } from '../clients/client-fetch.ts';
import { acceptPreviousSecrets } from '../clients/secrets/previous-secret.ts';
import { addUnfilteredClaims } from '../claims-profiles/unfiltered-claims.ts';
import { createAdapterFactory } from './adapter.ts';
import { recordTokens } from './audit-trail.ts';
import type { BrowserBinding } from '../interaction/browser-binding.ts';
import { cookieName } from '../cookie-name.ts';
import { renderErrorWith, reportErrors } from './errors.ts';
import { shownClient } from '../clients/shown-client.ts';
import { askingAbout, chooseLoginToEnd, hasItsIdToken } from '../logout/logout-choice.ts';
import { clientOfUnregisteredAddress, endUnregisteredAtOwnPage } from '../logout/unregistered-address.ts';
import { answerOutages } from './outages.ts';
import type { HiddenForm, OidcPages } from './pages.ts';
import { ENDPOINTS, loginPath, PROTOCOL, requireOpenidScope } from './protocol.ts';
import { answerAsIssuer } from './public-origin.ts';
import { boundStoredRequests } from './stored-requests.ts';
import { stateWhatIsOffered } from '../discovered-metadata.ts';
import { type CibaOptions, createCiba } from '../ciba/ciba.ts';
import { withGrantTypes } from '../ciba/ciba-client.ts';
import type { Following, Pings } from '../ciba/pings.ts';
import { requireBackchannelClaims } from '../ciba/signed-request.ts';
import { keepRegisteredQuery } from './registered-query.ts';
import { detectReplays } from '../clients/replay-detection.ts';
import { requireRegisteredService } from '../services/client-services.ts';
import { requireUsableClient } from '../login-settings/usable-client.ts';
import { canOfferBackchannel, type OperatorSettings } from '../login-settings/login-settings.ts';
import { requireAllowedReceipt } from '../receipts/receipt-scope.ts';
import { createReceipts } from '../receipts/receipts.ts';
import { createRequestRecords, type RequestRecords } from '../records/request-records.ts';
import { repeatResume } from '../interaction/repeated-resume.ts';
import { createExpectedSubject } from '../interaction/expected-subject.ts';
import { createLoginGrants, type LoginGrants } from '../interaction/login-grant.ts';
import { forgetAtLogout } from '../remembered/logout.ts';
import { createRecall, rememberLogins } from '../remembered/recall.ts';
import { createRememberedCookie } from '../remembered/remembered-cookie.ts';
import { sessionSeconds } from '../remember-login.ts';
import { requireBoundBrowser, resumedInteraction } from '../interaction/resume.ts';
import { requireFapiAssertion, requireFapiProof, requireFapiRequestObject } from '../fapi/fapi-requests.ts';
import { acceptAliases } from '../mtls/alias-addresses.ts';
import { type MutualTls, mtlsConfiguration } from '../mtls/mutual-tls.ts';
import { hiddenFormIn, replaceSelfSubmittingPages, showSelfSubmitting } from './self-submitting-forms.ts';
import type { LoginResultStore, RecordStore } from '../stores.ts';

export interface ProviderOptions {
  /** The public address: an origin, without a path. All URLs start with it, whatever a request's Host says. */
  readonly issuer: string;
  readonly records: RecordStore;
  readonly loginResults: LoginResultStore;
  readonly secrets: Pick<Secrets, 'cookieKeys' | 'dpopNonceKey'>;
  /** The key of pairwise subjects. If it changed, clients would not recognise returning people. */
  readonly pairwiseKey: Buffer;
  /** What the operator has configured for the logins at all clients. */
  readonly operator: OperatorSettings;
  /** Number of reverse proxies in front of Sild. */
  readonly trustProxy: number;
  readonly pages: OidcPages;
  /** Clients from the configuration, in addition to the registered ones. */
  readonly builtInClients: readonly ClientMetadata[];
  readonly audit: Audit;
  readonly log: Logger;
  /** Whether an error says that the stores cannot be reached for now; by default none does. */
  readonly isOutage?: (error: unknown) => boolean;
  /**
   * Counts a request that a public client pushes from this address. Answers in how many seconds it is allowed, 0 if it is now;
   * by default each is.
   */
  readonly waitOfPushed?: (address: string) => number;
  /** Clients with TLS certificates; undefined: there are none. */
  readonly mutualTls?: MutualTls | undefined;
  /** Fetches the `jwks_uri` of a client; by default from addresses of the internet only. */
  readonly clientFetch?: ClientFetch | undefined;
  /** What a login without a browser needs; undefined: no client can ask for one. */
  readonly ciba?: CibaOptions | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

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
  const { issuer, secrets, pairwiseKey, pages, builtInClients, audit, log, now } = options;
  const { isOutage = () => false, waitOfPushed = () => 0, clientFetch = PROTOCOL.fetch } = options;
  const requests = createRequestRecords(options.records, options.loginResults, isOutage);
  const { records, loginResults } = requests;
  const secure = issuer.startsWith('https:');
  const mtls = mtlsConfiguration(options.mutualTls);
  const cookie = createRememberedCookie(secure);
  const receipts = createReceipts({ issuer, records, jwks, audit, isOutage, log, now });
  const grants = createLoginGrants({
    provider: () => provider,
    loginResults,
    expected: createExpectedSubject(() => provider, pairwiseKey),
    operator: options.operator,
    receipts,
  });
  const recall = createRecall({ cookie, loginResults, grants, now });
  const ciba = options.ciba && createCiba({ ...options, ...options.ciba, grants, following, isOutage });
  const findAccount = createFindAccount(loginResults, receipts, (client, accountId) =>
    client.subjectType === 'pairwise' ? subjectFor(client, accountId, pairwiseKey) : accountId,
  );
  const provider: Provider = new Provider(issuer, {
    ...PROTOCOL,
    adapter: createAdapterFactory(records, now),
    clients: builtInClients.map(withGrantTypes),
    fetch: clientFetch,
    cookies: cookiesOf(secure, secrets),
    findAccount: (ctx, subject, token) =>
      ctx.oidc.route === 'backchannel_authentication'
        ? ciba?.accountOf(ctx)
        : findAccount(ctx, subject, token),
    jwks,
    interactions: {
      ...PROTOCOL.interactions,
      url(ctx, { uid }) {
        binding.remember(ctx, uid);
        return loginPath(uid);
      },
    },
    // Fetched only when a client is registered, so that logins do not depend on its host.
    sectorIdentifierUriValidate: () => false,
    pairwiseIdentifier: (_ctx, accountId, client) => subjectFor(client, accountId, pairwiseKey),
    renderError: renderErrorWith(pages),
    ttl: {
      ...PROTOCOL.ttl,
      Session: (ctx, session) => sessionSeconds(ctx, session, now()),
      ...(ciba && { BackchannelAuthenticationRequest: ciba.ttl }),
    },
    extraParams: {
      service: (_ctx, service, client) => {
        requireRegisteredService(client, service);
      },
      // The last check of a request, before its account is loaded.
      scope: async (ctx, scope, client) => {
        requireOpenidScope(ctx, scope);
        requireAllowedReceipt(client, scope);
        requireUsableClient(options.operator, client);
        await recall(ctx);
      },
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header, client) => {
      requireFapiAssertion(issuer, now, claims, header, client);
    },
    clientAuthMethods: [...PROTOCOL.clientAuthMethods, ...mtls.methods],
    discovery: { ...PROTOCOL.discovery, ...mtls.discovery },
    features: {
      ...PROTOCOL.features,
      mTLS: mtls.feature,
      ...(ciba && { ciba: ciba.feature }),
      // A nonce of Sild shows that a proof was not made in advance. (RFC 9449 8)
      dPoP: {
        enabled: true,
        nonceSecret: secrets.dpopNonceKey,
        requireNonce: (ctx) => {
          requireFapiProof(ctx);
          return true;
        },
      },
      requestObjects: {
        enabled: true,
        assertJwtClaimsAndHeader: (ctx, claims, header, client) => {
          requireBackchannelClaims(ctx, claims);
          requireFapiRequestObject(claims, header, client);
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          const bound = askingAbout(ctx, form);
          if (hasItsIdToken(ctx)) showSelfSubmitting(pages, ctx, withoutQuestion(bound));
          else pages.logout(ctx, bound);
        },
        postLogoutSuccessSource: async (ctx) => {
          const client = await clientOfUnregisteredAddress(ctx.oidc.provider, ctx);
          pages.loggedOut(ctx, client && shownClient(client));
        },
      },
    },
  });
  provider.proxy = options.trustProxy > 0;
  provider.maxIpsCount = options.trustProxy;
  answerAsIssuer(provider, issuer);
  acceptAliases(provider, options.mutualTls?.origin);
  reportErrors(provider, pages, audit, log);
  stateWhatIsOffered(provider, ciba !== undefined && canOfferBackchannel(options.operator));
  // Around everything that reads a store.
  const hasFailed = answerOutages(provider, pages, isOutage, log);
  receipts.endWithTokens(provider);
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
  chooseLoginToEnd(provider, secure, now);
  rememberLogins(provider, cookie);
  detectReplays(provider, records);
  acceptPreviousSecrets(provider, now);
  boundStoredRequests(provider, waitOfPushed);
  const pings = ciba?.connect(provider);
  endUnregisteredAtOwnPage(provider, issuer, audit);
  const resumedBy = resumedInteraction(provider.cookieName('resume'));
  provider.use(requireBoundBrowser(resumedBy, binding, pages, audit));
  provider.use((ctx, next) =>
    requests.answer(next, {
      outcome: () => (hasFailed(ctx) ? 'failed' : ctx.status < 400 ? 'succeeded' : 'refused'),
      isAbandoned: () => ctx.req.socket.destroyed,
    }),
  );
  // Within it, so that a logout is not left half done.
  forgetAtLogout(provider, cookie, records);
  provider.use(repeatResume(resumedBy, { requests, pages, hasFailed, isOutage, log, now }));
  // After it, so that a repeated answer is the one that was sent.
  provider.use(replaceSelfSubmittingPages(pages));
  provider.use(keepRegisteredQuery);
  return { provider, grants, requests, pings };
}

/** The form of the question, with its answer. */
function withoutQuestion(form: string): HiddenForm {
  const { action, fields } = hiddenFormIn(form);
  return { action, fields: [...fields, { name: 'logout', value: 'yes' }] };
}

export function listenerOf(provider: Provider): RequestListener {
  const handle = provider.callback();
  return (req, res) => void handle(req, res);
}

/**
 * oidc-provider sets the path of an interaction's cookies to its pages, so that logins in several tabs do not affect each
 * other. Sild sets the path of the session's cookies to the logout. Because of the paths they cannot have the prefix
 * `__Host-`, so a sibling host could set them; `BrowserBinding` is the defence against that.
 */
function cookiesOf(secure: boolean, { cookieKeys }: Pick<Secrets, 'cookieKeys'>) {
  const attributes = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    keys: createCookieSignatures(cookieKeys),
    names: {
      session: cookieName('sild_session', ENDPOINTS.end_session, secure),
      interaction: cookieName('sild_login', loginPath(':uid'), secure),
      resume: cookieName('sild_resume', `${ENDPOINTS.authorization}/:uid`, secure),
    },
    long: { ...attributes, path: ENDPOINTS.end_session },
    short: attributes,
  };
}
