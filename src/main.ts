/**
 * The composition root: environment → Config → everything built, started and, at SIGTERM, drained.
 *
 *   store ─┐
 *   simulator or RP API, trust ─▶ smart-id ─▶ login ─▶ oidc ─▶ web ─▶ http server      (sample app beside it)
 *
 * Nothing else constructs a module, reads the clock or makes randomness for another one.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createAudit } from './audit/audit.ts';
import { type Config, ignoredVariables, loadConfig } from './config/config.ts';
import { createLogger, type Logger } from './log/logger.ts';
import { createStartLimits } from './login/limits/start-limits.ts';
import { createLogin } from './login/login.ts';
import { metricsListener } from './metrics/endpoint.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { KEY_POLL_SECONDS } from './oidc/keys/key-schedule.ts';
import { createEid } from './bootstrap/eid.ts';
import { instanceStarted } from './bootstrap/instance-started.ts';
import { offeredFlowsOf } from './bootstrap/offered-flows.ts';
import { isCountryAllowed } from './flows/offered-flows.ts';
import { createOpenIdProvider } from './oidc/openid-provider.ts';
import { repeat } from './bootstrap/periodic-work.ts';
import { embeddedSecretKey } from './secrets/embedded-secret-key.ts';
import { createSecrets } from './secrets/secrets.ts';
import { KNOWN_AUTHORITIES } from './smart-id/known-authorities.ts';
import { announce, sampleAppOf, sampleClient, simulatorOf } from './bootstrap/stand-ins.ts';
import { portUsed, reasonNotToStart } from './bootstrap/start-error.ts';
import { onStopSignal } from './bootstrap/stop-signals.ts';
import { openStore } from './store/store.ts';
import { readTlsFiles } from './bootstrap/tls-files.ts';
import { watchExpiry } from './trust/expiry.ts';
import { trustSettings } from './trust/settings.ts';
import { openTrust, trustSimulator } from './trust/trust.ts';
import { createWebApp } from './web/app.ts';
import { type HttpServer, startHttpServer } from './web/http-server.ts';
import { loadPages } from './web/pages/load-pages.ts';

/** Expired rows are removed this often. */
const CLEANUP_MS = 60_000;
/** How long a stop waits for the last events of the audit. */
const AUDIT_CLOSE_MS = 5_000;

/** In milliseconds; the defaults are those of {@link startSild}. */
export interface DrainTimes {
  readonly drainQuietMs?: number;
  readonly drainLimitMs?: number;
}

export interface RunningSild {
  /** No new logins; what runs finishes; then everything is closed. */
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
  { drainQuietMs = 2_500, drainLimitMs = 25_000 }: DrainTimes = {},
): Promise<RunningSild> {
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const web = await build(config, log, (close) => opened.push(close));
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
  onStop: (close: () => Promise<void>) => void,
): Promise<{ drain(quietMs: number, limitMs: number): Promise<void> }> {
  const now = () => Date.now();
  const metrics = createMetrics(now);
  const trustDirectory = trustSettings(config.smartId, KNOWN_AUTHORITIES);
  // The simulator's own CAs are believed only where the operator names nobody.
  const operatorsTrust = trustDirectory && (await openTrust(trustDirectory, new Date(now())));
  const secrets = createSecrets(...(config.secretKeys ?? (await embeddedSecretKey(config.dataDir))));
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    secrets,
    now,
    log,
  });
  onStop(() => store.close());
  const audit = createAudit({
    store: store.audit,
    log,
    pseudonym: (value) => secrets.pseudonym(value),
    instance: randomUUID(),
    now,
  });
  onStop(async () => {
    await audit.close(AUDIT_CLOSE_MS);
  });

  const metricsServer = await metricsServerOf(config, metrics, log);
  // Opened early and closed late: how the draining goes can be read too.
  if (metricsServer) onStop(() => metricsServer.drain(0, 0));

  const simulator = await simulatorOf(config, log);
  if (simulator) onStop(() => simulator.close());

  const trust = operatorsTrust ?? trustSimulator(simulator?.trustAnchors ?? []);
  const stopWatching = watchExpiry(trust, { now: () => new Date(now()), metrics, log });
  onStop(async () => {
    stopWatching();
  });

  const authenticator = createEid(config, simulator, trust.store, { now, metrics, audit, log });
  const login = createLogin({
    attempts: store.attempts,
    authenticator,
    limits: createStartLimits(store.limits, config.limits),
    log,
    metrics,
    audit,
    now,
    newId: randomUUID,
    randomBytes,
    callbackUrl: `${config.issuer}/callback/smart-id`,
    isCountryAllowed: (country) => isCountryAllowed(config.smartId.countries, country),
  });

  const loaded = loadPages({
    issuer: config.issuer,
    environment: config.smartId.environment,
    defaultLanguage: config.defaultLanguage,
    viewsDir: config.viewsDir,
    simulatorPhoneUrl: simulator?.phoneUrl,
  });
  let draining = false;
  const openId = await createOpenIdProvider({
    issuer: config.issuer,
    records: store.records,
    loginResults: store.loginResults,
    signingKeys: store.signingKeys,
    keyRotationDays: config.keyRotationDays,
    onKeyChange: (change) => {
      audit.record({ event: 'signing_key_changed', ...change });
    },
    secrets,
    pairwiseKey: store.pairwiseKey,
    trustProxy: config.trustProxy,
    pages: loaded.oidc,
    builtInClients: simulator ? [sampleClient(config)] : [],
    audit,
    log,
  });
  const app = createWebApp({
    issuer: config.issuer,
    environment: config.smartId.environment,
    loaded,
    trustProxy: config.trustProxy,
    requestRate: config.limits.requests,
    login,
    interactions: openId.interactions,
    links: authenticator,
    offered: offeredFlowsOf(config.smartId),
    knownBrowsers: store.knownBrowsers,
    newBrowserToken: () => randomBytes(32).toString('base64url'),
    secrets,
    brandingOf: (clientId) => openId.branding(clientId),
    oidc: openId.callback(),
    ready: () => store.ping(),
    audit,
    log,
    draining: () => draining,
  });
  const handle = app.callback();
  const server = await startHttpServer({
    port: config.port,
    host: config.host,
    tls: config.tls && readTlsFiles(config.tls),
    listener: (request, response) => void handle(request, response),
  }).catch(portUsed('PORT', config.port));
  // Where something after it fails. A server that has been drained is closed already, and stays so.
  onStop(() => server.drain(0, 0));

  const sampleApp = simulator ? await sampleAppOf(config, log) : undefined;
  if (sampleApp) onStop(() => sampleApp.close());

  const cleanup = repeat(CLEANUP_MS, async () => {
    await store.removeExpired({ auditDays: config.auditDays }).catch((error: unknown) => {
      log.error({ event: 'cleanup_failed', err: error }, 'expired rows could not be removed');
    });
  });
  onStop(cleanup);
  const keyWatch = repeat(KEY_POLL_SECONDS * 1000, async () => {
    await openId.keepKeys().catch((error: unknown) => {
      log.error({ event: 'keys_not_kept', err: error }, 'the signing keys are as they were');
    });
  });
  onStop(keyWatch);

  log.info(
    { event: 'started', issuer: config.issuer, environment: config.smartId.environment },
    'Sild is ready',
  );
  audit.record(instanceStarted(config, trust));
  if (simulator && sampleApp) announce(config, simulator, sampleApp);
  return {
    async drain(quietMs, limitMs) {
      draining = true;
      log.info({ event: 'draining' }, 'no new logins; running requests finish');
      await server.drain(quietMs, limitMs);
      audit.record({ event: 'instance_stopped' });
      log.info({ event: 'stopped' }, 'stopped');
    },
  };
}

async function metricsServerOf(
  { metricsPort: port, host }: Config,
  metrics: Metrics,
  log: Logger,
): Promise<HttpServer | undefined> {
  if (port === undefined) return undefined;
  const listener = metricsListener(metrics, log);
  return startHttpServer({ port, host, tls: undefined, listener }).catch(portUsed('METRICS_PORT', port));
}

/** Runs until a signal comes, and then ends the process with 0. @returns the exit status where it cannot start */
export async function main(drainTimes?: DrainTimes): Promise<number> {
  // Heard from the beginning: the server answers before the last piece has started, and may be told to stop by then.
  const toldToStop = new Promise<void>(onStopSignal);
  let running: RunningSild;
  try {
    const config = loadConfig(process.env);
    const log = createLogger({ level: config.logLevel });
    for (const ignored of ignoredVariables(process.env)) log.warn({ event: 'variable_ignored' }, ignored);
    running = await startSild(config, log, drainTimes);
  } catch (error) {
    process.stderr.write(reasonNotToStart(error));
    return 1;
  }
  await toldToStop;
  await running.stop();
  process.exit(0);
}

if (import.meta.main) process.exitCode = await main();
