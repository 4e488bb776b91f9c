export interface TestClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Seconds since the epoch, some seconds from now. */
  secondsFromNow(seconds: number): number;
  advance(milliseconds: number): void;
}

/** Time that stands still until it is told to go on. */
export function createTestClock(): TestClock {
  let time = Date.UTC(2031, 4, 5, 12);
  return {
    now: () => time,
    secondsFromNow: (seconds) => Math.floor(time / 1000) + seconds,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}
