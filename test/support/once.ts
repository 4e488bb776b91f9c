/** Makes what is returned at the first call, and returns the same at each. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
