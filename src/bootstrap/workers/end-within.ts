import type { Worker } from 'node:cluster';

/**
 * Waits until a worker that was told to end has ended, and kills one that does not: it hangs, and would keep the others from being
 * replaced.
 *
 * @param ended resolves when it has ended
 * @param ms milliseconds; longer than a worker may drain
 * @param onKill called when it is killed
 */
export async function endWithin(
  worker: Pick<Worker, 'process'>,
  ended: Promise<void> | undefined,
  ms: number,
  onKill: () => void,
): Promise<void> {
  const limit = setTimeout(() => {
    onKill();
    worker.process.kill('SIGKILL');
  }, ms);
  await ended;
  clearTimeout(limit);
}
