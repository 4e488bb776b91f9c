import type { AuditEventName } from './events.ts';

/** Refusals of one event name that one process stores per minute. */
export const REFUSALS_A_MINUTE = 100;
const WINDOW_MS = 60_000;

export interface FloodGuard {
  /** Whether another event of this name may be stored; otherwise it is counted. */
  admits(name: AuditEventName): boolean;
  /** The counts of the windows that ended before `at`, each returned once. @param at now by default */
  takeOmitted(at?: number): readonly { readonly of: string; readonly count: number }[];
}

/** Prevents a flood of refusals from filling the audit, or from displacing other events from its queue. */
export function createFloodGuard(now: () => number): FloodGuard {
  const windows = new Map<AuditEventName, { readonly endsAt: number; count: number }>();
  return {
    admits(name) {
      const window = windows.get(name) ?? { endsAt: now() + WINDOW_MS, count: 0 };
      windows.set(name, window);
      window.count += 1;
      return window.count <= REFUSALS_A_MINUTE;
    },
    takeOmitted(at = now()) {
      // A window that ends too far ahead was started before the clock was set back.
      const over = [...windows].filter(([, { endsAt }]) => endsAt <= at || endsAt > at + WINDOW_MS);
      for (const [name] of over) windows.delete(name);
      return over
        .map(([of, { count }]) => ({ of, count: count - REFUSALS_A_MINUTE }))
        .filter(({ count }) => count > 0);
    },
  };
}
