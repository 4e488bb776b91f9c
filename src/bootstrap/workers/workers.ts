/**
 * The first process of an instance with several: it starts the workers, which serve the ports together, and serves none but the
 * metrics itself.
 *
 *   start     one worker alone, which migrates the database and makes keys, then the others
 *   SIGHUP    one worker after another is replaced by a new one, which reads CLIENTS_FILE and the files of TLS again
 *   a death   another worker is started, later each time that it does not live for a minute
 *   SIGTERM   all drain
 */
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../log/logger.ts';
import { createRefusalReport } from '../connection-limits.ts';
import { serveMetrics } from '../foundation.ts';
import { StartError } from '../start-error.ts';
import { endWithin } from './end-within.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { createWorkerMetrics, type WorkerMetrics } from './worker-metrics.ts';

const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 30_000;
/** Longer than a replaced worker serves its last requests (25 seconds), and the audit writes its last events (5). */
const LONGEST_END_MS = 40_000;
/** A worker that has lived this long was well. */
const WELL_MS = 60_000;

/** Runs until `stop` resolves and all workers have drained. @throws what `reasonNotToStart` can put into a sentence */
export async function runWorkers(config: Config, log: Logger, stop: Promise<void>): Promise<void> {
  // The workers accept from one socket. If this process accepted, and passed the connections on, one that is on its way to a worker
  // that dies would hang for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const metrics = createWorkerMetrics(() => Object.values(cluster.workers ?? {}).filter(isAlive));
  const crew = createCrew(log, metrics);
  const reportRefused = createRefusalReport(() => undefined, log);
  const closeMetrics = await serveMetrics(config, { metrics, log, reportRefused });
  const started = crew.startAll(config.workers);
  let last: Promise<void> = started.catch(() => undefined);
  const replace = () => {
    last = last.then(() => crew.replaceAll());
  };
  process.on('SIGHUP', replace);
  try {
    await started;
  } catch (error) {
    await crew.stop('kill');
    await closeMetrics();
    throw error;
  }
  log.info({ event: 'workers_started', workers: config.workers }, 'all workers are ready');
  crew.keep();
  await stop;
  await crew.stop('drain');
  process.off('SIGHUP', replace);
  await closeMetrics();
}

function isAlive(worker: Worker | undefined): worker is Worker {
  return worker !== undefined && worker.isConnected() && !worker.isDead();
}

function createCrew(log: Logger, metrics: WorkerMetrics) {
  const serving = new Set<Worker>();
  const all = new Map<Worker, Promise<void>>();
  let stopping = false;
  const isStopping = () => stopping;
  let kept = false;
  /** That have died before `keep`. */
  let missing = 0;
  let backOffMs = FIRST_BACK_OFF_MS;

  /** Resolves when it is ready. @throws {StartError} why it is not */
  function start(): Promise<Worker> {
    const worker = cluster.fork();
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      let isReady = false;
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'metrics') metrics.answered(worker, message.snapshot);
        else if (message.kind === 'failed') reject(new WorkerFailed(message.text));
        else {
          isReady = true;
          serving.add(worker);
          resolve(worker);
        }
      });
      worker.on('error', (error) => {
        log.error({ event: 'worker_error', worker: worker.id, err: error }, 'a worker cannot be reached');
      });
      all.set(
        worker,
        new Promise<void>((ended) => {
          worker.once('exit', (code, signal) => {
            all.delete(worker);
            metrics.ended(worker);
            ended();
            const how = signal ? `by ${signal}` : `with ${code}`;
            if (!isReady) reject(new StartError(`A worker ended ${how} while it started.`));
            if (!serving.delete(worker) || stopping) return;
            log.error(
              { event: 'worker_died', worker: worker.id, code, signal },
              'a worker has ended; another one is started',
            );
            if (performance.now() - startedAt > WELL_MS) backOffMs = FIRST_BACK_OFF_MS;
            if (kept) void startAgain();
            else missing += 1;
          });
        }),
      );
    });
  }

  async function startAll(count: number): Promise<void> {
    for (let started = 0; started < count; started += 1) await start();
  }

  async function startAgain(): Promise<void> {
    while (!isStopping()) {
      await delay(backOffMs);
      backOffMs = Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS);
      if (isStopping()) return;
      try {
        const { id } = await start();
        log.info({ event: 'worker_started', worker: id }, 'a worker was started again');
        return;
      } catch (error) {
        log.error({ event: 'worker_not_started', err: error }, 'a worker cannot start');
      }
    }
  }

  async function replaceAll(): Promise<void> {
    for (const old of [...serving]) {
      if (stopping) return;
      // It has died meanwhile, and has been replaced because of that.
      if (!serving.has(old)) continue;
      try {
        await start();
      } catch (error) {
        log.error(
          { event: 'workers_not_replaced', err: error },
          'a new worker cannot start: the others go on',
        );
        return;
      }
      serving.delete(old);
      tell(old, { kind: 'replace' });
      await endWithin(old, all.get(old), LONGEST_END_MS, () => {
        log.error(
          { event: 'worker_killed', worker: old.id },
          'a worker that was replaced does not end: it is killed',
        );
      });
    }
    if (!stopping) log.info({ event: 'workers_replaced' }, 'all workers were replaced');
  }

  async function stop(how: 'drain' | 'kill'): Promise<void> {
    stopping = true;
    // Also those that are just starting: they stop when they are ready.
    for (const worker of all.keys()) {
      if (how === 'kill') worker.process.kill('SIGKILL');
      else tell(worker, { kind: 'stop' });
    }
    await Promise.all(all.values());
  }

  return {
    startAll,
    replaceAll,
    stop,
    /** From now on a worker that dies is replaced. */
    keep() {
      kept = true;
      for (; missing > 0; missing -= 1) void startAgain();
    },
  };
}

/** Its message is the text for the operator as the worker has put it. */
export class WorkerFailed extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'WorkerFailed';
  }
}

/** A worker that has just died needs not be told. */
function tell(worker: Worker, message: ToWorker): void {
  if (isAlive(worker)) worker.send(message, () => undefined);
}
