import type { StartLimits } from '../../src/login/limits/start-limits.ts';

/** For tests that are not about limits. */
export const unlimited: StartLimits = {
  admitAttempt: () => Promise.resolve(undefined),
  admitStart: () => Promise.resolve(undefined),
  pushEnd: () => undefined,
  gone: () => Promise.resolve(),
};
