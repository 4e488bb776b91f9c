/**
 * Does something again and again, one time after the other: a turn is left out while the one before still runs.
 *
 * @param act catches its own errors
 * @returns ends it, once what runs is done
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
