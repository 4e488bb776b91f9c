/**
 * The composition root: environment → Config → everything built, started and, at SIGTERM, drained.
 *
 *   store ─┐
 *   simulator or RP API, trust ─▶ smart-id ─▶ login ─▶ oidc ─▶ web ─▶ http server      (sample app beside it)
 *
 * Nothing else constructs a room, reads the clock or makes randomness for another one.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import packageJson from '../package.json' with { type: 'json' };
import { type Audit, createAudit } from './audit/audit.ts';
import type { AuditEvent } from './audit/events.ts';
import { type Config, ignoredVariables, loadConfig } from './config/config.ts';
import { createLogger, type Logger } from './log/logger.ts';
import { createStartLimits } from './login/limits.ts';
import { createLogin } from './login/login.ts';
import { metricsListener } from './metrics/endpoint.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { KEY_LOOK_SECONDS } from './oidc/keys/key-schedule.ts';
import { offeredWays } from './bootstrap/offered-ways.ts';
import { deviceLinkFlows, isCountryAllowed } from './flows/offered-flows.ts';
import { createOpenIdProvider } from './oidc/openid-provider.ts';
import { createRevocationFetch } from './pki/revocation/http.ts';
import { createRevocationCheck } from './pki/revocation/revocation.ts';
import { repeat } from './bootstrap/periodic-work.ts';
import { embeddedSecretKey } from './secrets/embedded-secret-key.ts';
import { createSecrets } from './secrets/secrets.ts';
import type { Simulator } from './simulator/simulator.ts';
import { KNOWN_AUTHORITIES } from './smart-id/known-authorities.ts';
import { createSmartId } from './smart-id/session.ts';
import type { Revocation } from './smart-id/verify/certificate/not-revoked.ts';
import { announce, sampleAppOf, sampleClient, simulatorOf } from './bootstrap/stand-ins.ts';
import { portUsed, reasonNotToStart, StartError } from './bootstrap/start-error.ts';
import { onStopSignal } from './bootstrap/stop-signals.ts';
import { openStore } from './store/store.ts';
import { readTlsFiles } from './bootstrap/tls-files.ts';
import { watchExpiry } from './trust/expiry.ts';
import { trustSettings } from './trust/settings.ts';
import { openTrust, trustSimulator, type Trust } from './trust/trust.ts';
import { createOidcPages, createWebApp } from './web/app.ts';
import { type HttpServer, startHttpServer } from './web/http-server.ts';

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

  const smartId = createSmartId({
    apiVersion: config.smartId.apiVersion,
    baseUrl: smartIdBaseUrl(config, simulator),
    schemeName: config.smartId.schemeName,
    relyingPartyUuid: config.smartId.relyingPartyUuid,
    relyingPartyName: config.smartId.relyingPartyName,
    tlsPins: config.smartId.tlsPins,
    certificateLevel: config.smartId.certificateLevel,
    trust: trust.store,
    revocation: revocationOf(config, { now, metrics, audit, log }),
    deviceLinkFlows: deviceLinkFlows(config.smartId.flows),
    loopbackCallback: simulator !== undefined,
    randomBytes,
    now: () => new Date(now()),
    log,
    observe: (exchange) => {
      metrics.smartIdAnswered(exchange);
    },
    onCircuit: (state) => {
      metrics.circuit(state);
    },
  });
  const login = createLogin({
    attempts: store.attempts,
    smartId,
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

  const pageOptions = {
    issuer: config.issuer,
    environment: config.smartId.environment,
    defaultLanguage: config.defaultLanguage,
    viewsDir: config.viewsDir,
    simulatorPhoneUrl: simulator?.phoneUrl,
  };
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
    pages: createOidcPages(pageOptions),
    builtInClients: simulator ? [sampleClient(config)] : [],
    audit,
    log,
  });
  const app = createWebApp({
    ...pageOptions,
    trustProxy: config.trustProxy,
    requestRate: config.limits.requests,
    login,
    interactions: openId.interactions,
    links: smartId,
    offered: offeredWays(config.smartId),
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
  const keyWatch = repeat(KEY_LOOK_SECONDS * 1000, async () => {
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

/** What of the configuration decides who gets in. */
function instanceStarted({ issuer, smartId }: Config, trust: Trust): AuditEvent {
  const { environment, apiVersion, certificateLevel, flows, notificationPolicy } = smartId;
  return {
    event: 'instance_started',
    version: packageJson.version,
    issuer,
    environment,
    apiVersion,
    certificateLevel,
    flows,
    notificationPolicy,
    revocation: smartId.revocation,
    countries: smartId.countries ?? [],
    authorities: trust.authorities.map(({ certificate }) => certificate.fingerprint),
    tlsPins: smartId.tlsPins,
  };
}

/** Who asks whether certificates are revoked; what does not work, or is let pass, is told to the log. */
function revocationOf(
  { smartId: { revocation: policy, environment } }: Config,
  { now, metrics, audit, log }: { now: () => number; metrics: Metrics; audit: Audit; log: Logger },
): Revocation {
  if (environment === 'live' && policy !== 'required') {
    log.warn({ event: 'revocation_not_required', policy }, 'people may get in whose certificate is revoked');
  }
  if (policy === 'off') return 'off';
  return createRevocationCheck({
    policy,
    fetch: createRevocationFetch(),
    randomBytes,
    now: () => new Date(now()),
    report({ kind, ...details }) {
      switch (kind) {
        case 'source_failed':
          log.warn(
            { event: 'revocation_source_failed', ...details },
            'an OCSP responder or revocation list gave no answer that counts',
          );
          return;
        case 'unchecked':
          metrics.revocationUnchecked();
          audit.record({ event: 'revocation_unchecked', ...details });
      }
    },
  });
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

function smartIdBaseUrl(config: Config, simulator: Simulator | undefined): string {
  const simulated = config.smartId.apiVersion === '2' ? simulator?.baseUrlV2 : simulator?.baseUrl;
  const baseUrl = config.smartId.baseUrl ?? simulated;
  if (baseUrl === undefined)
    throw new StartError('SMARTID_BASE_URL: there is no Smart-ID service to speak to.');
  return baseUrl;
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
