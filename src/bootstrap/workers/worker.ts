/** The side of a worker: it tells the first process that it is ready, and does what that says. */
import cluster from 'node:cluster';
import type { Metrics } from '../../metrics/metrics.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface WorkerLink {
  readonly number: number;
  /** How the worker is to end. */
  readonly told: Promise<'stop' | 'replace'>;
  /** From now on the first process can read the metrics. */
  offer(metrics: Pick<Metrics, 'snapshot'>): void;
  tell(message: FromWorker): Promise<void>;
  /** Tells what has been counted since the metrics were read last. */
  tellMetrics(): Promise<void>;
}

/** `undefined` in a process that is no worker. */
export function workerLink(): WorkerLink | undefined {
  const { worker } = cluster;
  if (!worker) return undefined;
  let offered: Pick<Metrics, 'snapshot'> | undefined;
  const tellMetrics = async () => {
    if (offered) await tell({ kind: 'metrics', snapshot: await offered.snapshot() });
  };
  const told = new Promise<'stop' | 'replace'>((resolve) => {
    process.on('message', ({ kind }: ToWorker) => {
      if (kind === 'metrics') tellMetrics().catch(() => undefined);
      else resolve(kind);
    });
  });
  // A terminal that closes sends it to each process; the first one decides what it means.
  process.on('SIGHUP', () => undefined);
  return {
    number: worker.id,
    told,
    offer(metrics) {
      offered = metrics;
    },
    tell,
    tellMetrics,
  };
}

/** Resolves when it is sent, or when the first process is gone. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else
      process.send(message, undefined, undefined, () => {
        resolve();
      });
  });
}
