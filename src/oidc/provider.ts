/**
 * OpenID Connect, by oidc-provider; this room configures it and never reimplements it.
 *
 *   /authorize ─▶ interaction ─▶ (login pages, in web/) ─▶ interactions.complete ─▶ /authorize/:uid ─▶ code
 *   /token ─▶ code spent once ─▶ account of the grant's login ─▶ claims ─▶ ID token
 *
 * All state is in the stores, so that any instance serves any request. The session cookie is bound to the logout endpoint:
 * no authorization request ever sees an earlier login, and logins of several tabs do not meet.
 */
import type { RequestListener } from 'node:http';
import Provider, { type ClientMetadata } from 'oidc-provider';
import type { Audit } from '../audit/audit.ts';
import type { Logger } from '../log/logger.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { createFindAccount, subjectFor } from './accounts.ts';
import { createAdapterFactory } from './adapter.ts';
import { recordTokens } from './audit-trail.ts';
import { createBegunCookies } from './begun-cookies.ts';
import { brandingOf, type ClientBranding } from './client-branding.ts';
import { type ClientRegistry, createClientRegistry } from './clients.ts';
import { cookieName } from './cookie-name.ts';
import { renderErrorWith, reportErrors } from './errors.ts';
import { createLoginInteractions } from './interactions.ts';
import type { LoginInteractions } from './login-interaction.ts';
import type { OidcPages } from './pages.ts';
import { ENDPOINTS, loginPath, PROTOCOL } from './protocol.ts';
import { answerAsIssuer } from './public-origin.ts';
import { resumeOnlyHere } from './resume.ts';
import { signingKeySet } from './signing-keys.ts';
import type { LoginResultStore, RecordStore, SigningKeyStore } from './stores.ts';

export interface OpenIdProviderOptions {
  /** The public address: an origin, without a path. All URLs are built on it, whatever a request's Host says. */
  readonly issuer: string;
  readonly records: RecordStore;
  readonly loginResults: LoginResultStore;
  readonly signingKeys: SigningKeyStore;
  readonly secrets: Pick<Secrets, 'cookieKeys' | 'pairwiseSubject'>;
  /** How many reverse proxies stand before Sild. */
  readonly trustProxy: number;
  readonly pages: OidcPages;
  /** Clients that are part of the configuration, beside the registered ones. */
  readonly builtInClients: readonly ClientMetadata[];
  readonly audit: Audit;
  readonly log: Logger;
  /** Milliseconds since the epoch; the clock by default. */
  readonly now?: () => number;
}

export interface OpenIdProvider {
  readonly provider: Provider;
  /** The listener for oidc-provider's endpoints. The body of a request must not have been read yet. */
  callback(): RequestListener;
  readonly interactions: LoginInteractions;
  readonly clients: ClientRegistry;
  /** How a client looks to people; `undefined` where there is no such client. */
  branding(clientId: string): Promise<ClientBranding | undefined>;
}

/** @throws when a built-in client is not valid or a store cannot be reached */
export async function createOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const { issuer, records, loginResults, signingKeys, secrets, pages, builtInClients, audit, log } = options;
  const now = options.now ?? Date.now;
  const secure = issuer.startsWith('https:');
  const begun = createBegunCookies(secure, now);
  const provider = new Provider(issuer, {
    ...PROTOCOL,
    adapter: createAdapterFactory(records, now),
    clients: builtInClients,
    cookies: cookiesOf(secure, secrets),
    findAccount: createFindAccount(loginResults),
    jwks: await signingKeySet(signingKeys),
    interactions: {
      ...PROTOCOL.interactions,
      url(ctx, { uid }) {
        begun.remember(ctx, uid);
        return loginPath(uid);
      },
    },
    pairwiseIdentifier: (_ctx, accountId, client) => subjectFor(client, accountId, secrets),
    renderError: renderErrorWith(pages),
    features: {
      ...PROTOCOL.features,
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          pages.logout(ctx, form);
        },
        postLogoutSuccessSource: (ctx) => {
          pages.loggedOut(ctx);
        },
      },
    },
  });
  provider.proxy = options.trustProxy > 0;
  provider.maxIpsCount = options.trustProxy;
  answerAsIssuer(provider, issuer);
  reportErrors(provider, pages, audit, log);
  recordTokens(provider, audit);
  provider.use(resumeOnlyHere(provider.cookieName('resume'), begun, pages, audit));
  for (const client of builtInClients) await provider.Client.validate(client);

  return {
    provider,
    callback() {
      const handle = provider.callback();
      return (req, res) => void handle(req, res);
    },
    interactions: createLoginInteractions(provider, begun, loginResults, secrets),
    clients: createClientRegistry(records, (metadata) => provider.Client.validate(metadata)),
    async branding(clientId) {
      const client = await provider.Client.find(clientId);
      return client && brandingOf(client);
    },
  };
}

/**
 * oidc-provider binds an interaction's cookies to its own pages, so that logins of several tabs do not meet, and we the
 * session's to the logout. What a path costs them, that a sibling host could plant them, `BegunCookies` makes up for.
 */
function cookiesOf(secure: boolean, { cookieKeys }: Pick<Secrets, 'cookieKeys'>) {
  const attributes = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    keys: [...cookieKeys],
    names: {
      session: cookieName('sild_session', ENDPOINTS.end_session, secure),
      interaction: cookieName('sild_login', loginPath(':uid'), secure),
      resume: cookieName('sild_resume', `${ENDPOINTS.authorization}/:uid`, secure),
    },
    long: { ...attributes, path: ENDPOINTS.end_session },
    short: attributes,
  };
}
