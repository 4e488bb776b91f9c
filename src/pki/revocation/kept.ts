/** A value and until when it may be used. */
export interface Kept<T> {
  readonly value: T;
  /** Undefined: not a moment longer than for those who wait for it now. */
  readonly until: Date | undefined;
}

/** Answers the value of a key: the one that is kept, the one that is on its way, or else a new one. */
export type Keep<T> = (key: string, load: () => Promise<Kept<T>>) => Promise<T>;

/**
 * Keeps values in memory as long as they say. Whoever asks while one is being loaded gets that one, or its failure; a
 * failure is not kept.
 */
export function createKeep<T>(now: () => Date): Keep<T> {
  const entries = new Map<string, { readonly loading: Promise<Kept<T>>; until: Date | undefined }>();
  return async (key, load) => {
    const known = entries.get(key);
    if (known && (known.until === undefined || now() < known.until)) return (await known.loading).value;

    const entry = { loading: load(), until: undefined as Date | undefined };
    entries.set(key, entry);
    try {
      const { value, until } = await entry.loading;
      if (until === undefined) entries.delete(key);
      else entry.until = until;
      return value;
    } catch (error) {
      entries.delete(key);
      throw error;
    }
  };
}
