/**
 * The first process of an instance with several: it starts the workers, which serve the ports together. It serves only the
 * metrics itself.
 *
 *   start     one worker alone, which migrates the database and makes keys, then the others
 *   SIGHUP    one worker after another is replaced by a new one, which reads CLIENTS_FILE and the files of TLS again
 *   a death   another worker is started, later each time that it does not live for a minute
 *   SIGTERM   all drain
 */
import cluster from 'node:cluster';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../log/logger.ts';
import { createRefusalReport } from '../connection-limits.ts';
import { serveMetrics } from '../foundation.ts';
import { createWorkerMetrics } from './worker-metrics.ts';
import { createWorkerPool, isAlive } from './worker-pool.ts';

/** Runs until `stop` resolves and all workers have drained. @throws what `reasonNotToStart` can put into a sentence */
export async function runWorkers(config: Config, log: Logger, stop: Promise<void>): Promise<void> {
  // The workers accept from one socket. If this process accepted, and passed the connections on, one that is on its way to a worker
  // that dies would hang for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const metrics = createWorkerMetrics(() => Object.values(cluster.workers ?? {}).filter(isAlive));
  const pool = createWorkerPool(log, metrics);
  const reportRefused = createRefusalReport(() => undefined, log);
  const closeMetrics = await serveMetrics(config, { metrics, log, reportRefused });
  const started = pool.startAll(config.workers);
  let last: Promise<void> = started.catch(() => undefined);
  const replace = () => {
    last = last.then(() => pool.replaceAll());
  };
  process.on('SIGHUP', replace);
  try {
    await started;
  } catch (error) {
    await pool.stop('kill');
    await closeMetrics();
    throw error;
  }
  log.info({ event: 'workers_started', workers: config.workers }, 'all workers are ready');
  pool.replaceDead();
  await stop;
  await pool.stop('drain');
  process.off('SIGHUP', replace);
  await closeMetrics();
}
