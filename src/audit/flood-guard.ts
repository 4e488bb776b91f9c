import type { AuditEventName } from './events.ts';

/** Refusals of one event name that one process stores at once, and then one by one. */
export const REFUSALS_AT_ONCE = 100;
/** 300 an hour. */
export const REFUSAL_EVERY_MS = 12_000;
/** Omitted refusals are counted for this long, so that the counts are few too. */
export const COUNTED_MS = 600_000;

const FULL_MS = REFUSALS_AT_ONCE * REFUSAL_EVERY_MS;

export interface FloodGuard {
  /** Whether another event of this name may be stored; otherwise it is counted. */
  admits(name: AuditEventName): boolean;
  /** The counts that ended before `at`, each returned once. @param at now by default */
  takeOmitted(at?: number): readonly { readonly of: string; readonly count: number }[];
}

/** Prevents a flood of refusals from filling the audit, or from displacing other events from its queue. */
export function createFloodGuard(now: () => number): FloodGuard {
  /** Until when the refusals of a name are used up. */
  const spentUntil = new Map<AuditEventName, number>();
  const omitted = new Map<AuditEventName, { readonly endsAt: number; count: number }>();
  return {
    admits(name) {
      const at = now();
      const stored = spentUntil.get(name) ?? at;
      // A time that is too far ahead is from before the clock was set back.
      const until = stored > at + FULL_MS ? at : Math.max(stored, at);
      if (until + REFUSAL_EVERY_MS <= at + FULL_MS) {
        spentUntil.set(name, until + REFUSAL_EVERY_MS);
        return true;
      }
      const counted = omitted.get(name) ?? { endsAt: at + COUNTED_MS, count: 0 };
      omitted.set(name, counted);
      counted.count += 1;
      return false;
    },
    takeOmitted(at = now()) {
      const over = [...omitted].filter(([, { endsAt }]) => endsAt <= at || endsAt > at + COUNTED_MS);
      for (const [name] of over) omitted.delete(name);
      return over.map(([of, { count }]) => ({ of, count }));
    },
  };
}
