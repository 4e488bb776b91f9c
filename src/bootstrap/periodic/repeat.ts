/**
 * Runs `act` periodically. A turn is skipped while the previous one still runs.
 *
 * @param act handles its own errors
 * @returns stops, and resolves when a turn that is running has ended
 */
export function repeat(everyMs: number, act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= act().finally(() => {
      running = undefined;
    });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
