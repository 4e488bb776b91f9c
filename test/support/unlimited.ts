import type { StartLimits } from '../../src/login/limits/start-limits.ts';
import type { WaitingPlaces } from '../../src/login/limits/waiting-places.ts';

/** For tests that are not about limits. */
export const unlimited: StartLimits = {
  admitAttempt: () => Promise.resolve(undefined),
  admitStart: () => Promise.resolve(undefined),
  pushEnd: () => undefined,
  gone: () => Promise.resolve(),
};

/** Places for any number of logins. */
export const anyNumber: WaitingPlaces = {
  take: () => undefined,
  leave: () => undefined,
  hold: () => undefined,
};
