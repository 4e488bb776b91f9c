/** Builds what serves logins: the eID, the login, OpenID Connect, the pages and the ports. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import { createEid } from './eid.ts';
import { type Foundation } from './foundation.ts';
import { startListeners } from './listeners.ts';
import { mutualTlsOf } from './tls/mutual-tls.ts';
import { operatorSettingsOf } from './operator-settings.ts';
import { playgroundUrl, sampleAppUrl } from './stand-ins.ts';
import { shareOf } from './workers/share.ts';
import { type Config } from '../config/config.ts';
import { isCountryAllowed } from '../flows/offered-flows.ts';
import type { Authenticator } from '../login/authenticator.ts';
import { createStartLimits } from '../login/limits/start-limits.ts';
import type { WaitingPlaces } from '../login/limits/waiting-places.ts';
import { createLogin, type Login } from '../login/login.ts';
import { createClientFetch } from '../oidc/clients/client-fetch.ts';
import {
  createOpenIdProvider,
  type OpenIdProvider,
  type OpenIdProviderOptions,
} from '../oidc/openid-provider.ts';
import { rotationsOf } from '../oidc/keys/key-rotation.ts';
import { ownClient } from '../oidc/own-client.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { isOutage } from '../store/errors.ts';
import { type Trust } from '../trust/trust.ts';
import { createBackchannelText } from '../web/branding/backchannel-text.ts';
import { createAuthorizationLimiter } from '../web/middleware/authorization-limits.ts';
import { createWebApp, type WebAppOptions } from '../web/app.ts';
import type { HttpServer } from '../web/http-server.ts';
import { createWaitingLimits } from '../web/login/waiting-limits.ts';
import { loadPages } from '../web/pages/load-pages.ts';

/** What an instance needs besides its foundation. */
export interface ServingParts {
  readonly simulator: Simulator | undefined;
  readonly trust: Trust;
  /** Clients beside the registered ones. */
  readonly builtInClients: readonly ClientMetadata[];
}

export interface Serving {
  readonly server: HttpServer;
  readonly openId: OpenIdProvider;
  /** From now on the instance begins no new login. */
  startDraining(): void;
}

/** Builds what serves logins on a foundation, and listens. */
export async function startServing(
  config: Config,
  foundation: Foundation,
  { simulator, trust, builtInClients }: ServingParts,
): Promise<Serving> {
  /** The part of this process in the limits that each process counts in memory. */
  const share = shareOf(config.limits, config.workers);
  const authenticator = createEid(config, simulator, trust.store, foundation);
  const waiting = createWaitingLimits(foundation.now, {
    limited: share.requests !== undefined,
    places: share.waiting,
  });
  const login = loginOf(config, foundation, { authenticator, places: waiting });
  const loaded = loadPages({
    issuer: config.issuer,
    environment: config.smartId.environment,
    defaultLanguage: config.defaultLanguage,
    viewsDir: config.viewsDir,
    simulatorPhoneUrl: simulator?.phoneUrl,
    secrets: foundation.secrets,
  });
  const openId = await openIdProviderOf(config, foundation, {
    waitOfPushed: createAuthorizationLimiter(share.address, foundation.now),
    pages: loaded.oidc,
    builtInClients: config.hasHistory ? [...builtInClients, ownClient(config.issuer)] : builtInClients,
    ciba: { login, appText: createBackchannelText(config.defaultLanguage) },
  });
  let draining = false;
  const server = await serve(config, foundation, {
    share,
    loaded,
    login: { login, links: authenticator },
    openId,
    waiting,
    isDraining: () => draining,
    standIns: simulator && {
      phoneUrl: simulator.phoneUrl,
      sampleAppUrl: sampleAppUrl(config),
      playgroundUrl: playgroundUrl(sampleAppUrl(config)),
    },
  });
  return {
    server,
    openId,
    startDraining() {
      draining = true;
    },
  };
}

function loginOf(
  config: Config,
  foundation: Foundation,
  parts: { readonly authenticator: Authenticator; readonly places: WaitingPlaces },
): Login {
  const { store } = foundation;
  return createLogin({
    ...foundation,
    ...parts,
    attempts: store.attempts,
    limits: createStartLimits(store.limits, config.limits),
    newId: randomUUID,
    randomBytes,
    callbackUrl: `${config.issuer}/callback/smart-id`,
    isOutage,
    isCountryAllowed: (country) => isCountryAllowed(config.smartId.countries, country),
  });
}

function openIdProviderOf(
  config: Config,
  foundation: Foundation,
  parts: Pick<OpenIdProviderOptions, 'pages' | 'builtInClients' | 'ciba' | 'waitOfPushed'>,
): Promise<OpenIdProvider> {
  const { store, audit, metrics } = foundation;
  return createOpenIdProvider({
    ...foundation,
    ...parts,
    issuer: config.issuer,
    records: store.records,
    loginResults: store.loginResults,
    signingKeys: store.signingKeys,
    keyRotationDays: config.keyRotationDays,
    onKeyChange: (change) => {
      audit.record({ event: 'signing_key_changed', ...change });
    },
    onKeys: (keys) => {
      metrics.signingKeys(rotationsOf(keys, config.keyRotationDays));
    },
    pairwiseKey: store.pairwiseKey,
    operator: operatorSettingsOf(config.smartId),
    isOutage,
    trustProxy: config.trustProxy,
    clientFetch: createClientFetch({ allowedHosts: config.clientFetchHosts }),
    mutualTls: mutualTlsOf(config, foundation),
  });
}

async function serve(
  config: Config,
  foundation: Foundation,
  {
    share,
    ...parts
  }: Pick<WebAppOptions, 'loaded' | 'waiting' | 'isDraining'> & {
    readonly share: ReturnType<typeof shareOf>;
    readonly openId: OpenIdProvider;
    readonly login: Pick<WebAppOptions['login'], 'login' | 'links'>;
    readonly standIns:
      | { readonly phoneUrl: string; readonly sampleAppUrl: string; readonly playgroundUrl: string }
      | undefined;
  },
): Promise<HttpServer> {
  const { store, secrets, audit, log, metrics, now } = foundation;
  const app = createWebApp({
    ...parts,
    settings: {
      issuer: config.issuer,
      environment: config.smartId.environment,
      ...parts.standIns,
      trustProxy: config.trustProxy,
      countryHeader: config.countryHeader,
      offersToRememberCode: config.offersToRememberCode,
      requestRate: share.requests,
      startRate: share.address,
    },
    login: {
      ...parts.login,
      knownBrowsers: store.knownBrowsers,
      lookUpLogin: (uid, read) => store.lookUpLogin(uid, read),
      newBrowserToken: () => randomBytes(32).toString('base64url'),
      secrets,
    },
    ready: () => store.ping(),
    isOutage,
    audit,
    log,
    metrics,
    now,
    history: config.hasHistory
      ? {
          audit: store.audit,
          auditDays: config.auditDays,
          attempts: store.attempts,
          records: store.records,
          loginResults: store.loginResults,
          clientName: async (id, language) => {
            const client = await parts.openId.shownClient(id);
            return client && (client.branding?.names[language] ?? client.name);
          },
        }
      : undefined,
  });
  const handle = app.callback();
  return startListeners(config, (request, response) => void handle(request, response), foundation);
}
