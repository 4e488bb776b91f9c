/**
 * The composition root: environment → Config → everything built, started and, at SIGTERM, drained.
 *
 *   store ─┐
 *   simulator or RP API, trust ─▶ smart-id ─▶ login ─▶ oidc ─▶ web ─▶ http server      (sample app beside it)
 *
 * `foundation` opens what every part works with. No other module constructs a module, or gives it a clock or randomness.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import { keepClientsOfFile } from './bootstrap/clients-of-file.ts';
import { serveCommands } from './bootstrap/commands/command-socket.ts';
import { connectionLimit, openFileLimit } from './bootstrap/connection-limits.ts';
import { createEid } from './bootstrap/eid.ts';
import { type Foundation, type OnStop, openFoundation } from './bootstrap/foundation.ts';
import { instanceStarted } from './bootstrap/instance-started.ts';
import { mutualTlsOf } from './bootstrap/mutual-tls.ts';
import { operatorSettingsOf, requireSomebodyCanLogIn } from './bootstrap/operator-settings.ts';
import { startPeriodicTasks } from './bootstrap/periodic-work.ts';
import { announce, sampleAppOf, sampleAppUrl, sampleClient, simulatorOf } from './bootstrap/stand-ins.ts';
import { reasonNotToListen, reasonNotToStart } from './bootstrap/start-error.ts';
import { onStopSignal } from './bootstrap/stop-signals.ts';
import { readTlsFiles } from './bootstrap/tls-files.ts';
import { type Config, ignoredVariables, loadConfig } from './config/config.ts';
import { loadEnvFile } from './config/env-file.ts';
import { isCountryAllowed } from './flows/offered-flows.ts';
import { createLogger, type Logger } from './log/logger.ts';
import type { Authenticator } from './login/authenticator.ts';
import { createStartLimits } from './login/limits/start-limits.ts';
import { createLogin, type Login } from './login/login.ts';
import { createClientFetch } from './oidc/clients/client-fetch.ts';
import {
  createOpenIdProvider,
  type OpenIdProvider,
  type OpenIdProviderOptions,
} from './oidc/openid-provider.ts';
import { KNOWN_AUTHORITIES } from './smart-id/known-authorities.ts';
import type { Simulator } from './simulator/simulator.ts';
import { isOutage } from './store/errors.ts';
import { watchExpiry } from './trust/expiry.ts';
import { trustSettings } from './trust/settings.ts';
import { openTrust, type Trust, trustSimulator } from './trust/trust.ts';
import { createBackchannelText } from './web/branding/backchannel-text.ts';
import { createAuthorizationLimiter } from './web/middleware/authorization-limits.ts';
import { createWebApp, type WebAppOptions } from './web/app.ts';
import {
  type HttpServer,
  type HttpServerOptions,
  onlyMtlsEndpoints,
  startHttpServer,
} from './web/http-server.ts';
import { loadPages } from './web/pages/load-pages.ts';

/** In milliseconds; the defaults are those of {@link startSild}. */
export interface DrainTimes {
  readonly drainQuietMs?: number;
  readonly drainLimitMs?: number;
}

export interface StartOptions extends DrainTimes {
  /** The variables to which CLIENTS_FILE may refer. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface RunningSild {
  /** Accepts no new logins, lets running requests finish, then closes everything. */
  stop(): Promise<void>;
}

/**
 * Builds and starts everything.
 *
 * @param drainQuietMs while draining: for how long no request may have come before the port closes. Default: longer than
 *   the 2 seconds after which a waiting page without JavaScript comes back
 * @param drainLimitMs how long draining takes at most
 * @throws what `reasonNotToStart` can put into a sentence; nothing stays open then
 */
export async function startSild(
  config: Config,
  log: Logger,
  { drainQuietMs = 2_500, drainLimitMs = 25_000, environment = {} }: StartOptions = {},
): Promise<RunningSild> {
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const web = await build(config, log, environment, (close) => opened.push(close));
    return {
      async stop() {
        await web.drain(drainQuietMs, drainLimitMs);
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function build(
  config: Config,
  log: Logger,
  environment: Required<StartOptions>['environment'],
  onStop: OnStop,
): Promise<{ drain: HttpServer['drain'] }> {
  const operatorsTrust = await openOperatorsTrust(config);
  requireSomebodyCanLogIn(config.smartId);
  const foundation = await openFoundation(config, log, onStop);
  const operator = operatorSettingsOf(config.smartId);
  await keepClientsOfFile(config, { ...foundation, operator }, environment, onStop);
  if (config.databaseUrl === undefined) {
    await serveCommands(config.dataDir, { ...foundation, operator }, onStop);
  }
  const { now, audit } = foundation;

  const simulator = await simulatorOf(config, log);
  if (simulator) onStop(() => simulator.close());
  // The simulator's own CAs are trusted only where the operator has configured none.
  const trust = operatorsTrust ?? trustSimulator(simulator?.trustAnchors ?? []);
  const stopWatching = watchExpiry(trust, { ...foundation, now: () => new Date(now()) });
  onStop(async () => {
    stopWatching();
  });

  const serving = await startServing(config, foundation, {
    simulator,
    trust,
    builtInClients: simulator ? [sampleClient(config)] : [],
  });
  const { server, openId } = serving;
  // For a start that fails after this. It has no effect on a server that has been drained.
  onStop(() => server.drain(0, 0));

  const sampleApp = simulator ? await sampleAppOf(config, log) : undefined;
  if (sampleApp) onStop(() => sampleApp.close());
  onStop(() => openId.stop());
  startPeriodicTasks(config, foundation, openId, onStop);

  log.info(
    { event: 'started', issuer: config.issuer, environment: config.smartId.environment },
    'Sild is ready',
  );
  audit.record(instanceStarted(config, trust));
  if (simulator && sampleApp) announce(config, simulator, sampleApp);
  return {
    async drain(quietMs, limitMs) {
      serving.startDraining();
      log.info({ event: 'draining' }, 'no new logins; running requests finish');
      await server.drain(quietMs, limitMs);
      audit.record({ event: 'instance_stopped' });
      log.info({ event: 'stopped' }, 'stopped');
    },
  };
}

/** What an instance serves with, beside its foundation. */
export interface Surroundings {
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
  { simulator, trust, builtInClients }: Surroundings,
): Promise<Serving> {
  const authenticator = createEid(config, simulator, trust.store, foundation);
  const login = loginOf(config, foundation, authenticator);
  const loaded = loadPages({
    issuer: config.issuer,
    environment: config.smartId.environment,
    defaultLanguage: config.defaultLanguage,
    viewsDir: config.viewsDir,
    simulatorPhoneUrl: simulator?.phoneUrl,
  });
  const openId = await openIdProviderOf(config, foundation, {
    pages: loaded.oidc,
    builtInClients,
    ciba: { login, appText: createBackchannelText(config.defaultLanguage) },
  });
  let draining = false;
  const server = await serve(config, foundation, {
    loaded,
    login: { login, links: authenticator },
    openId,
    isDraining: () => draining,
    standIns: simulator && { phoneUrl: simulator.phoneUrl, sampleAppUrl: sampleAppUrl(config) },
  });
  return {
    server,
    openId,
    startDraining() {
      draining = true;
    },
  };
}

/** The trust directory is checked before anything is opened. @returns `undefined` where the operator has configured none */
async function openOperatorsTrust({ smartId }: Config): Promise<Trust | undefined> {
  const settings = trustSettings(smartId, KNOWN_AUTHORITIES);
  return settings && openTrust(settings, new Date());
}

function loginOf(config: Config, foundation: Foundation, authenticator: Authenticator): Login {
  const { store } = foundation;
  return createLogin({
    ...foundation,
    attempts: store.attempts,
    authenticator,
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
  parts: Pick<OpenIdProviderOptions, 'pages' | 'builtInClients' | 'ciba'>,
): Promise<OpenIdProvider> {
  const { store, audit } = foundation;
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
    pairwiseKey: store.pairwiseKey,
    operator: operatorSettingsOf(config.smartId),
    isOutage,
    waitOfPushed: createAuthorizationLimiter(config.limits.address, foundation.now),
    trustProxy: config.trustProxy,
    clientFetch: createClientFetch({ allowedHosts: config.clientFetchHosts }),
    mutualTls: mutualTlsOf(config, foundation),
  });
}

async function serve(
  config: Config,
  { store, secrets, audit, log, now, reportRefused }: Foundation,
  parts: Pick<WebAppOptions, 'loaded' | 'openId' | 'isDraining'> & {
    readonly login: Pick<WebAppOptions['login'], 'login' | 'links'>;
    readonly standIns: { readonly phoneUrl: string; readonly sampleAppUrl: string } | undefined;
  },
): Promise<HttpServer> {
  const app = createWebApp({
    ...parts,
    settings: {
      issuer: config.issuer,
      environment: config.smartId.environment,
      ...parts.standIns,
      trustProxy: config.trustProxy,
      requestRate: config.limits.requests,
      startRate: config.limits.address,
    },
    login: {
      ...parts.login,
      knownBrowsers: store.knownBrowsers,
      newBrowserToken: () => randomBytes(32).toString('base64url'),
      secrets,
    },
    ready: () => store.ping(),
    isOutage,
    audit,
    log,
    now,
  });
  const handle = app.callback();
  const tls = config.tls && readTlsFiles(config.tls);
  const listen = (variable: 'PORT' | 'MTLS_PORT', port: number, options: Partial<HttpServerOptions> = {}) =>
    startHttpServer({
      port,
      host: config.host,
      tls,
      listener: (request, response) => void handle(request, response),
      maxConnections: connectionLimit(openFileLimit()),
      onRefused: (refused) => {
        reportRefused(variable, refused);
      },
      ...options,
    }).catch(reasonNotToListen(variable, port, config.host));
  const server = await listen('PORT', config.port);
  if (config.mtls?.port === undefined) return server;
  const mtlsServer = await listen('MTLS_PORT', config.mtls.port, {
    asksForCertificate: true,
    listener: onlyMtlsEndpoints((request, response) => void handle(request, response)),
  }).catch(async (error: unknown) => {
    await server.drain(0, 0);
    throw error;
  });
  return {
    port: server.port,
    async drain(quietMs, limitMs) {
      await Promise.all([server.drain(quietMs, limitMs), mtlsServer.drain(quietMs, limitMs)]);
    },
  };
}

/** Runs until a signal arrives, then ends the process with 0. @returns the exit status if it cannot start */
export async function main(drainTimes?: DrainTimes): Promise<number> {
  // From the beginning: the server answers, and may receive a signal, before the start is complete.
  const stopSignal = new Promise<void>(onStopSignal);
  let running: RunningSild;
  try {
    const config = loadConfig(process.env);
    const log = createLogger({ level: config.logLevel });
    for (const ignored of ignoredVariables(process.env)) log.warn({ event: 'variable_ignored' }, ignored);
    running = await startSild(config, log, { ...drainTimes, environment: process.env });
  } catch (error) {
    process.stderr.write(reasonNotToStart(error));
    return 1;
  }
  await stopSignal;
  await running.stop();
  process.exit(0);
}

if (import.meta.main) {
  const problem = loadEnvFile();
  if (problem === undefined) {
    process.exitCode = await main();
  } else {
    process.stderr.write(`Sild cannot start. ${problem}\n`);
    process.exitCode = 1;
  }
}
