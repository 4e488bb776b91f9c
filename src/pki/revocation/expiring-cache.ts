import { LRUCache } from 'lru-cache';

/** A value and the time until which it may be used. */
export interface Expiring<T> {
  readonly value: T;
  /** Undefined: only for the callers that wait for it now. */
  readonly until: Date | undefined;
}

/** Returns the cached value of a key, or the one that is being loaded, or else loads it. */
export type ExpiringCache<T> = (key: string, load: () => Promise<Expiring<T>>) => Promise<T>;

/** More issuing CAs and lists than a deployment has; beyond that the least recently used ones are loaded again. */
const MAX_ENTRIES = 100;

/**
 * Caches values in memory, each until its own time. Callers that ask while a value is being loaded share the loading and
 * its failure; a failure is not cached.
 */
export function createExpiringCache<T>(now: () => Date): ExpiringCache<T> {
  interface Entry {
    readonly loading: Promise<Expiring<T>>;
    until: Date | undefined;
  }
  const entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });

  return async (key, load) => {
    const known = entries.get(key);
    if (known && (known.until === undefined || now() < known.until)) return (await known.loading).value;

    const entry: Entry = { loading: load(), until: undefined };
    entries.set(key, entry);
    try {
      const { value, until } = await entry.loading;
      if (until === undefined) forget(key, entry);
      else entry.until = until;
      return value;
    } catch (error) {
      forget(key, entry);
      throw error;
    }
  };

  /** Another entry may have taken the place of this one meanwhile. */
  function forget(key: string, entry: Entry): void {
    if (entries.peek(key) === entry) entries.delete(key);
  }
}
