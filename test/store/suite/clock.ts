export interface TestClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Now plus `seconds`, in seconds since the epoch. */
  secondsFromNow(seconds: number): number;
  advance(milliseconds: number): void;
}

/** A clock that only advances when the test says so. */
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
