/** Starts the workers of an instance, and replaces those that die. */
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log/logger.ts';
import { StartError } from '../start-error.ts';
import { RELOAD_PATIENCE_MS } from '../stop-signals.ts';
import { endWithin } from './end-within.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 30_000;
/** Longer than a replaced worker serves its last requests (25 seconds), and the audit writes its last events (5). */
const LONGEST_END_MS = 40_000;
/** After a life of this length, the delay before the next start is the first one again. */
const STABLE_MS = 60_000;

/** The workers of an instance. */
export interface WorkerPool {
  /** Starts one worker after another; resolves when all are ready. @throws {StartError | WorkerFailed} why one is not */
  startAll(count: number): Promise<void>;
  /** Replaces one worker after another by a new one. */
  replaceAll(): Promise<void>;
  /** From now on a worker that dies is replaced, and those that have died before are. */
  replaceDead(): void;
  /** Resolves when all workers have ended. */
  stop(how: 'drain' | 'kill'): Promise<void>;
}

export function createWorkerPool(log: Logger, metrics: WorkerMetrics): WorkerPool {
  const serving = new Set<Worker>();
  const all = new Map<Worker, Promise<void>>();
  let stopping = false;
  const isStopping = () => stopping;
  let replacesDead = false;
  /** The number of workers that have died before `replaceDead`. */
  let missing = 0;
  let backOffMs = FIRST_BACK_OFF_MS;
  return {
    startAll,
    replaceAll,
    replaceDead() {
      replacesDead = true;
      for (; missing > 0; missing -= 1) void startAgain();
    },
    stop,
  };

  function start(): Promise<Worker> {
    const worker = cluster.fork();
    const startedAt = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<Worker>();
    let isReady = false;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'metrics') metrics.answered(worker, message.snapshot);
      else if (message.kind === 'failed') reject(new WorkerFailed(message));
      else {
        isReady = true;
        serving.add(worker);
        resolve(worker);
      }
    });
    worker.on('error', (error) => {
      log.error({ event: 'worker_error', worker: worker.id, err: error }, 'a worker cannot be reached');
    });
    const ended = Promise.withResolvers<undefined>();
    all.set(worker, ended.promise);
    worker.once('exit', (code, signal) => {
      all.delete(worker);
      metrics.ended(worker);
      ended.resolve(undefined);
      const how = signal ? `by ${signal}` : `with ${code}`;
      if (!isReady) reject(new StartError(`A worker ended ${how} while it started.`));
      if (!serving.delete(worker) || stopping) return;
      log.error(
        { event: 'worker_died', worker: worker.id, code, signal },
        'a worker has ended; another one is started',
      );
      if (performance.now() - startedAt > STABLE_MS) backOffMs = FIRST_BACK_OFF_MS;
      if (replacesDead) void startAgain();
      else missing += 1;
    });
    return promise;
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

  /** Waits for a database that is away. @throws why no worker starts */
  async function startThroughOutage(): Promise<Worker> {
    const end = performance.now() + RELOAD_PATIENCE_MS;
    for (let pauseMs = FIRST_BACK_OFF_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_BACK_OFF_MS)) {
      try {
        return await start();
      } catch (error) {
        const isAway = error instanceof WorkerFailed && error.isOutage;
        if (!isAway || performance.now() + pauseMs > end) throw error;
        log.warn(
          { event: 'worker_not_started', err: error },
          'a new worker cannot start without the database: it is tried again, and the others go on',
        );
        await delay(pauseMs);
        // A worker that is started now would outlive the others.
        if (isStopping()) throw error;
      }
    }
  }

  async function replaceAll(): Promise<void> {
    for (const old of [...serving]) {
      if (stopping) return;
      // It has died and was replaced meanwhile.
      if (!serving.has(old)) continue;
      let fresh;
      try {
        fresh = await startThroughOutage();
      } catch (error) {
        if (isStopping()) return;
        log.error(
          { event: 'workers_not_replaced', err: error },
          'a new worker cannot start: the others go on',
        );
        return;
      }
      // If the old one has died meanwhile, another one is started for it.
      const surplus = serving.has(old) ? old : fresh;
      serving.delete(surplus);
      tell(surplus, { kind: 'replace' });
      await endWithin(surplus, all.get(surplus), LONGEST_END_MS, () => {
        log.error(
          { event: 'worker_killed', worker: surplus.id },
          'a worker that was replaced does not end: it is killed',
        );
      });
    }
    if (!stopping) log.info({ event: 'workers_replaced' }, 'all workers were replaced');
  }

  async function stop(how: 'drain' | 'kill'): Promise<void> {
    stopping = true;
    // Including those that are starting: they stop when they are ready.
    for (const worker of all.keys()) {
      if (how === 'kill') worker.process.kill('SIGKILL');
      else tell(worker, { kind: 'stop' });
    }
    await Promise.all(all.values());
  }
}

/** Its message is the text for the operator as the worker has put it. */
export class WorkerFailed extends Error {
  readonly isOutage: boolean;

  constructor({ text, isOutage }: { readonly text: string; readonly isOutage: boolean }) {
    super(text);
    this.name = 'WorkerFailed';
    this.isOutage = isOutage;
  }
}

/** Does nothing for a worker that has just died. */
function tell(worker: Worker, message: ToWorker): void {
  if (isAlive(worker)) worker.send(message, () => undefined);
}

export function isAlive(worker: Worker | undefined): worker is Worker {
  return worker !== undefined && worker.isConnected() && !worker.isDead();
}
