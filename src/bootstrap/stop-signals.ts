/** For one Ctrl+C both the terminal and npm send a signal: a second one within this time, in milliseconds, is ignored. */
const SAME_MS = 1_000;

/** For how long a SIGHUP waits for a database that cannot be used, since nobody sends it a second time. In milliseconds. */
export const RELOAD_PATIENCE_MS = 300_000;

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

/**
 * Keeps SIGHUP, which tells a service to read its files again, from ending the process, also while it starts or drains, or has
 * nothing to read. On a terminal SIGHUP means that the terminal was closed: there it ends the process, unless something else listens.
 */
export function outliveReload(isTerminal: boolean): void {
  if (!isTerminal) process.on('SIGHUP', () => undefined);
}
