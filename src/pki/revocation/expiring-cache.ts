import { LRUCache } from 'lru-cache';

/** A value and the time until which it may be used. */
export interface Expiring<T> {
  readonly value: T;
  /** Undefined: the value is not cached, only shared with callers that are already waiting. */
  readonly until: Date | undefined;
}

/** Returns the cached value of a key, waits for the value that is being loaded, or loads it. */
export type ExpiringCache<T> = (key: string, load: () => Promise<Expiring<T>>) => Promise<T>;

/** More than the issuing CAs and lists of any deployment. Beyond the limit the least recently used entries are evicted. */
const MAX_ENTRIES = 100;

/**
 * Creates a cache in memory with an expiry time for each value. Concurrent callers share one load and its failure; a failure
 * is not cached.
 */
export function createExpiringCache<T>(now: () => Date): ExpiringCache<T> {
  interface Entry {
    readonly loading: Promise<Expiring<T>>;
    readonly since: Date;
    until: Date | undefined;
  }
  const entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });

  return async (key, load) => {
    const known = entries.get(key);
    if (known && isCurrent(known, now())) return (await known.loading).value;

    const entry: Entry = { loading: load(), since: now(), until: undefined };
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

  /** Not one from the future: it was loaded before the clock was set back, and would live longer by as much. */
  function isCurrent({ since, until }: Entry, at: Date): boolean {
    return until === undefined || (since <= at && at < until);
  }

  /** Keeps an entry that has replaced this one in the meantime. */
  function forget(key: string, entry: Entry): void {
    if (entries.peek(key) === entry) entries.delete(key);
  }
}
