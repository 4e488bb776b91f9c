/**
 * The composition root: environment → Config → everything built, started and, at SIGTERM, drained.
 *
 *   store ─┐
 *   simulator or RP API, trust ─▶ smart-id ─▶ login ─▶ oidc ─▶ web ─▶ http server      (sample app beside it)
 *
 * `foundation` opens what every part works with, `serving` builds what serves logins. Only this file and `bootstrap/` construct
 * modules, and give them a clock and randomness.
 */
import { keepClientsOfFile } from './bootstrap/clients-of-file.ts';
import { serveCommands } from './bootstrap/commands/command-socket.ts';
import { type OfferMetrics, type OnStop, openFoundation } from './bootstrap/foundation.ts';
import { instanceStarted } from './bootstrap/instance-started.ts';
import { operatorSettingsOf, requireSomebodyCanLogIn } from './bootstrap/operator-settings.ts';
import { serveOperatorPage } from './bootstrap/operator-page.ts';
import { startHeartbeats } from './bootstrap/periodic/heartbeats.ts';
import { startServing } from './bootstrap/serving.ts';
import { startPeriodicTasks } from './bootstrap/periodic/periodic-work.ts';
import { announce, playgroundOf, sampleAppOf, sampleClient, simulatorOf } from './bootstrap/stand-ins.ts';
import { reasonNotToStart } from './bootstrap/start-error.ts';
import { onStopSignal, outliveReload } from './bootstrap/stop-signals.ts';
import { workerLink } from './bootstrap/workers/worker.ts';
import { WorkerFailed } from './bootstrap/workers/worker-pool.ts';
import { runWorkers } from './bootstrap/workers/workers.ts';
import { type Config, ignoredVariables, loadConfig } from './config/config.ts';
import { loadEnvFile } from './config/env-file.ts';
import { type Logger, openProcessLog, type ProcessLog } from './log/logger.ts';
import type { Metrics } from './metrics/metrics.ts';
import { KNOWN_AUTHORITIES } from './smart-id/known-authorities.ts';
import { isOutage } from './store/errors.ts';
import { watchExpiry } from './trust/expiry.ts';
import { trustSettings } from './trust/settings.ts';
import { openTrust, type Trust, trustSimulator } from './trust/trust.ts';
import { type HttpServer } from './web/http-server.ts';

/** In milliseconds; the defaults are those of {@link startSild}. */
export interface DrainTimes {
  readonly drainQuietMs?: number;
  readonly drainLimitMs?: number;
}

export interface StartOptions extends DrainTimes {
  /** The variables to which CLIENTS_FILE may refer. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** In a worker: takes the metrics, in place of METRICS_PORT. */
  readonly offerMetrics?: OfferMetrics | undefined;
}

export interface RunningSild {
  /** Accepts no new logins, lets running requests finish, then closes everything. */
  stop(): Promise<void>;
  /** Leaves every new connection to the other workers, serves those that there are, then closes everything. */
  handOver(): Promise<void>;
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
  { drainQuietMs = 2_500, drainLimitMs = 25_000, environment = {}, offerMetrics }: StartOptions = {},
): Promise<RunningSild> {
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const web = await build(config, log, { environment, offerMetrics }, (close) => opened.push(close));
    return {
      async stop() {
        await web.drain(drainQuietMs, drainLimitMs);
        await closeAll();
      },
      async handOver() {
        await web.handOver(drainLimitMs);
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
  {
    environment,
    offerMetrics,
  }: Required<Pick<StartOptions, 'environment'>> & Pick<StartOptions, 'offerMetrics'>,
  onStop: OnStop,
): Promise<Pick<HttpServer, 'drain' | 'handOver'>> {
  const operatorsTrust = await openOperatorsTrust(config);
  requireSomebodyCanLogIn(config.smartId);
  const foundation = await openFoundation(config, log, onStop, offerMetrics);
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

  const playground = playgroundOf(config, log);
  const serving = await startServing(config, foundation, {
    simulator,
    trust,
    builtInClients: simulator ? [sampleClient(config), ...(playground?.clients ?? [])] : [],
  });
  const { server, openId } = serving;
  // For a start that fails after this. It has no effect on a server that has been drained.
  onStop(() => server.drain(0, 0));

  const sampleApp = await sampleAppOf(config, playground, log);
  if (sampleApp) onStop(() => sampleApp.close());
  onStop(() => openId.stop());
  startPeriodicTasks(config, foundation, openId, onStop);
  await startHeartbeats(foundation, onStop);
  await serveOperatorPage(config, foundation, trust, onStop);

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
    async handOver(limitMs) {
      log.info({ event: 'handing_over' }, 'other workers take every new connection; running requests finish');
      await server.handOver(limitMs);
      audit.record({ event: 'instance_stopped' });
      log.info({ event: 'stopped' }, 'stopped');
    },
  };
}

/** The trust directory is checked before anything is opened. @returns `undefined` where the operator has configured none */
async function openOperatorsTrust({ smartId }: Config): Promise<Trust | undefined> {
  const settings = trustSettings(smartId, KNOWN_AUTHORITIES);
  return settings && openTrust(settings, new Date());
}

/** Runs until a signal arrives, then ends the process with 0. @returns the exit status if it cannot start */
export async function main(drainTimes?: DrainTimes): Promise<number> {
  // From the beginning: the server answers, and may receive a signal, before the start is complete.
  const stopSignal = new Promise<void>(onStopSignal);
  outliveReload(process.stdout.isTTY);
  const link = workerLink();
  let running: RunningSild;
  let processLog: ProcessLog;
  try {
    const config = loadConfig(process.env);
    processLog = openProcessLog(config.logLevel);
    const log = link ? processLog.log.child({ worker: link.number }) : processLog.log;
    if (!link) {
      for (const ignored of ignoredVariables(process.env)) log.warn({ event: 'variable_ignored' }, ignored);
    }
    if (!link && config.workers > 1) {
      await runWorkers(config, log, stopSignal);
      await processLog.close();
      process.exit(0);
    }
    const offerMetrics =
      link &&
      ((metrics: Metrics) => {
        link.offer(metrics);
      });
    running = await startSild(config, log, { ...drainTimes, environment: process.env, offerMetrics });
  } catch (error) {
    const text = error instanceof WorkerFailed ? error.message : reasonNotToStart(error);
    if (!link) {
      process.stderr.write(text);
      return 1;
    }
    await link.tell({ kind: 'failed', text, isOutage: isOutage(error) });
    process.exit(1);
  }
  await link?.tell({ kind: 'ready' });
  const stopped = stopSignal.then(() => 'stop' as const);
  const how = await (link ? Promise.race([stopped, link.told]) : stopped);
  await (how === 'replace' ? running.handOver() : running.stop());
  await link?.tellMetrics();
  await processLog.close();
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
