/** Of one Ctrl+C both the terminal and npm send a signal; a second one within so many milliseconds is the first. */
const SAME_MS = 1_000;

/**
 * Has SIGTERM and SIGINT call `stop` instead of ending the process. One more signal later on means now: it ends the
 * process with 1.
 */
export function onStopSignal(stop: () => void): void {
  let stoppedAt: number | undefined;
  const listener = () => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      stop();
    } else if (performance.now() - stoppedAt > SAME_MS) process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, listener);
}
