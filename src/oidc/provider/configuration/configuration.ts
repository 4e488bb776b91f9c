/** The configuration of oidc-provider: the protocol, the same everywhere, with what depends on the deployment. */
import type { Client, Configuration, JWKS, KoaContextWithOIDC } from 'oidc-provider';
import { createCookieSignatures } from '../../../secrets/cookie-signatures.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { withGrantTypes } from '../../ciba/ciba-client.ts';
import type { Ciba } from '../../ciba/ciba.ts';
import { cookieName } from '../../cookie-name.ts';
import { requireFapiAssertion } from '../../fapi/fapi-requests.ts';
import type { BrowserBinding } from '../../interaction/browser-binding.ts';
import { requireUsableClient } from '../../login-settings/usable-client.ts';
import { mtlsConfiguration } from '../../mtls/mutual-tls.ts';
import { requireAllowedReceipt } from '../../receipts/receipt-scope.ts';
import type { Receipts } from '../../receipts/receipts.ts';
import type { RequestRecords } from '../../records/request-records.ts';
import { sessionSeconds } from '../../remember-login.ts';
import { requireRegisteredService } from '../../services/client-services.ts';
import { createFindAccount, subjectFor } from '../accounts.ts';
import { createAdapterFactory } from '../adapter.ts';
import { renderErrorWith } from '../errors.ts';
import { ENDPOINTS } from '../../endpoints.ts';
import { loginPath, PROTOCOL, requireOpenidScope } from '../protocol.ts';
import type { ProviderOptions } from './provider-options.ts';
import { featuresOf } from './features.ts';

/** What the provider's configuration connects. */
export interface ConfiguredParts {
  readonly requests: Pick<RequestRecords, 'records' | 'loginResults'>;
  readonly binding: BrowserBinding;
  readonly receipts: Pick<Receipts, 'receiptOf'>;
  /** Gives the request a remembered login, where there is one for it. */
  readonly recall: (ctx: KoaContextWithOIDC) => Promise<void>;
  readonly ciba: Ciba | undefined;
}

export function configurationOf(options: ProviderOptions, jwks: JWKS, parts: ConfiguredParts): Configuration {
  const { issuer, secrets, builtInClients, clientFetch = PROTOCOL.fetch, now } = options;
  const { requests, binding, ciba } = parts;
  const mtls = mtlsConfiguration(options.mutualTls);
  return {
    ...PROTOCOL,
    jwks,
    adapter: createAdapterFactory(requests.records, now),
    cookies: cookiesOf(issuer.startsWith('https:'), secrets),
    ttl: {
      ...PROTOCOL.ttl,
      Session: (ctx, session) => sessionSeconds(ctx, session, now()),
      ...(ciba && { BackchannelAuthenticationRequest: ciba.ttl }),
    },
    ...accountsOf(options, parts),
    clients: builtInClients.map(withGrantTypes),
    fetch: clientFetch,
    // Fetched only when a client is registered, so that logins do not depend on its host.
    sectorIdentifierUriValidate: () => false,
    clientAuthMethods: [...PROTOCOL.clientAuthMethods, ...mtls.methods],
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header, client) => {
      requireFapiAssertion(issuer, now, claims, header, client);
    },
    interactions: {
      ...PROTOCOL.interactions,
      url(ctx, { uid }) {
        binding.remember(ctx, uid);
        return loginPath(uid);
      },
    },
    extraParams: requestChecks(options, parts),
    renderError: renderErrorWith(options.pages),
    discovery: { ...PROTOCOL.discovery, ...mtls.discovery },
    features: featuresOf(options, mtls.feature, ciba),
  };
}

/** The account of a request, and the subject by which a client knows a person. */
function accountsOf(
  { pairwiseKey }: Pick<ProviderOptions, 'pairwiseKey'>,
  { requests, receipts, ciba }: ConfiguredParts,
): Pick<Configuration, 'findAccount' | 'pairwiseIdentifier'> {
  const subjectOf = (client: Client, accountId: string) => subjectFor(client, accountId, pairwiseKey);
  const findAccount = createFindAccount(requests.loginResults, receipts, (client, accountId) =>
    client.subjectType === 'pairwise' ? subjectOf(client, accountId) : accountId,
  );
  return {
    findAccount: (ctx, subject, token) =>
      ctx.oidc.route === 'backchannel_authentication'
        ? ciba?.accountOf(ctx)
        : findAccount(ctx, subject, token),
    pairwiseIdentifier: (_ctx, accountId, client) => subjectOf(client, accountId),
  };
}

/** Checks of a request, which oidc-provider calls for each of these parameters. */
function requestChecks(
  { operator }: Pick<ProviderOptions, 'operator'>,
  { recall }: Pick<ConfiguredParts, 'recall'>,
): NonNullable<Configuration['extraParams']> {
  return {
    service: (_ctx, service, client) => {
      requireRegisteredService(client, service);
    },
    // The last check of a request, before its account is loaded.
    scope: async (ctx, scope, client) => {
      requireOpenidScope(ctx, scope);
      requireAllowedReceipt(client, scope);
      requireUsableClient(operator, client);
      await recall(ctx);
    },
  };
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
