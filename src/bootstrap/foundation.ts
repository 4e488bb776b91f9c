/** What every other part of an instance works with: the clock, the log, metrics, secrets, the store and the audit. */
import { randomUUID } from 'node:crypto';
import { type Audit, createAudit, type RunningAudit } from '../audit/audit.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import { metricsListener } from '../metrics/endpoint.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { cacheClients } from '../oidc/clients/client-cache.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Store } from '../store/store.ts';
import { startHttpServer } from '../web/http-server.ts';
import { createRefusalReport, METRICS_CONNECTIONS, type RefusalReport } from './connection-limits.ts';
import { makeDataDirectory } from './data-directory.ts';
import { openConfiguredStore } from './open-store.ts';
import { reasonNotToListen } from './start-error.ts';

/** How long a stop waits for the last events of the audit. */
const AUDIT_CLOSE_MS = 5_000;

/** Registers what is closed when the instance stops or cannot start, the last first. */
export type OnStop = (close: () => Promise<void>) => void;

/** Takes the metrics of a worker, which the first process serves. */
export type OfferMetrics = (metrics: Metrics) => void;

export interface Foundation {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly secrets: Secrets;
  readonly store: Store;
  readonly audit: Audit;
  /** Counts and logs the connections that a port refuses. */
  readonly reportRefused: RefusalReport;
}

/** What a process opens at its start, and says of itself. */
export interface OpenedFoundation extends Foundation {
  readonly audit: Pick<RunningAudit, 'record' | 'backlog'>;
  /** Unique ID of this process, as the audit has it. */
  readonly instance: string;
}

/** @param offerMetrics takes the metrics; by default METRICS_PORT serves them */
export async function openFoundation(
  config: Config,
  log: Logger,
  onStop: OnStop,
  offerMetrics?: OfferMetrics,
): Promise<OpenedFoundation> {
  const now = () => Date.now();
  const metrics = createMetrics(now);
  // The simulator keeps its CA there.
  if (config.smartId.environment === 'simulator') await makeDataDirectory(config.dataDir);
  const { secrets, store: opened } = await openConfiguredStore(config, {
    now,
    log,
    observe: (statement) => {
      metrics.statementEnded(statement);
    },
  });
  onStop(() => opened.close());
  if (opened.connections) metrics.countConnections(opened.connections);
  const store = { ...opened, records: cacheClients(opened.records, now) };
  const instance = randomUUID();
  const audit = createAudit({
    store: store.audit,
    log,
    pseudonym: (value) => secrets.pseudonym(value),
    instance,
    now,
    onLost: (count) => {
      metrics.auditEventsLost(count);
    },
  });
  onStop(async () => {
    await audit.close(AUDIT_CLOSE_MS);
  });
  // Opened early and closed late: the metrics of the start and of the draining can be read too.
  const reportRefused = createRefusalReport((reason) => {
    metrics.connectionRefused(reason);
  }, log);
  if (offerMetrics) offerMetrics(metrics);
  else onStop(await serveMetrics(config, { metrics, log, reportRefused }));
  return { now, log, metrics, secrets, store, audit, instance, reportRefused };
}

/** Serves METRICS_PORT, where there is one. @returns what closes it */
export async function serveMetrics(
  { metricsPort: port, host }: Config,
  {
    metrics,
    log,
    reportRefused,
  }: Pick<Foundation, 'log' | 'reportRefused'> & { readonly metrics: Pick<Metrics, 'exposition'> },
): Promise<() => Promise<void>> {
  if (port === undefined) return () => Promise.resolve();
  const server = await startHttpServer({
    port,
    host,
    tls: undefined,
    listener: metricsListener(metrics, log),
    maxConnections: METRICS_CONNECTIONS,
    onRefused: (refused) => {
      reportRefused('METRICS_PORT', refused);
    },
  }).catch(reasonNotToListen('METRICS_PORT', port, host));
  return () => server.drain(0, 0);
}
