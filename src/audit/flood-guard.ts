import type { AuditEventName } from './events.ts';

/** Refusals of one kind that one process keeps in a minute. */
export const REFUSALS_A_MINUTE = 100;
const WINDOW_MS = 60_000;

export interface FloodGuard {
  /** Whether another event of this name is to be kept; one that is not, is counted. */
  admits(name: AuditEventName): boolean;
  /** What was counted in windows that are over at a time, once. @param at now by default */
  takeOmitted(at?: number): readonly { readonly of: string; readonly count: number }[];
}

/** Keeps anybody from filling the audit with refusals, and from pushing everything else out of its queue. */
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
      // One that ends later than a window can was begun by a clock that has been set back since.
      const over = [...windows].filter(([, { endsAt }]) => endsAt <= at || endsAt > at + WINDOW_MS);
      for (const [name] of over) windows.delete(name);
      return over
        .map(([of, { count }]) => ({ of, count: count - REFUSALS_A_MINUTE }))
        .filter(({ count }) => count > 0);
    },
  };
}
