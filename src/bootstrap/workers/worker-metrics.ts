/** The metrics of all workers as those of one process. */
import type { Worker } from 'node:cluster';
import {
  addUp,
  countedOf,
  type Exposition,
  expositionOf,
  type MetricsSnapshot,
} from '../../metrics/processes.ts';
import type { ToWorker } from './messages.ts';

/** For a worker that does not answer within this time, its last metrics count. In milliseconds. */
const ANSWER_MS = 2_000;

export interface WorkerMetrics {
  answered(worker: Worker, snapshot: MetricsSnapshot): void;
  /** Keeps the counts of the worker's last answer. What a killed worker has counted since then is lost. */
  ended(worker: Worker): void;
  exposition(): Promise<Exposition>;
}

export function createWorkerMetrics(alive: () => readonly Worker[]): WorkerMetrics {
  const latest = new Map<number, MetricsSnapshot>();
  const waiting = new Map<number, (() => void)[]>();
  let ofEnded: Promise<MetricsSnapshot> = Promise.resolve([]);
  return {
    answered(worker, snapshot) {
      latest.set(worker.id, snapshot);
      release(worker);
    },
    ended(worker) {
      const last = latest.get(worker.id);
      latest.delete(worker.id);
      release(worker);
      if (last) ofEnded = ofEnded.then((earlier) => addUp([earlier, countedOf(last)]).getMetricsAsJSON());
    },
    async exposition() {
      await Promise.all(alive().map(ask));
      const ended = await ofEnded;
      return expositionOf([...latest.values(), ended]);
    },
  };

  function ask(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, ANSWER_MS);
      const answered = () => {
        clearTimeout(limit);
        resolve();
      };
      waiting.set(worker.id, [...(waiting.get(worker.id) ?? []), answered]);
      const question: ToWorker = { kind: 'metrics' };
      // Without the callback, an error of a worker that has just died would end this process.
      worker.send(question, (error) => {
        if (error) answered();
      });
    });
  }

  function release({ id }: Worker): void {
    for (const answered of waiting.get(id) ?? []) answered();
    waiting.delete(id);
  }
}
