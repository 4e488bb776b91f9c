/**
 * Remembers which people have logged in from which browsers with a device link, for all instances. A browser is known by
 * a random token in its cookie; the store keeps the token's hash, a keyed hash of the person and the document number,
 * sealed: who reads the database learns neither who uses a browser nor how to pass for one.
 *
 * Promises: a row that has expired is never found, whether removed yet or not. `remember` may be called by several
 * requests at once; the last one counts.
 */
export interface KnownBrowserStore {
  /**
   * Remembers a person in a browser, or refreshes what is remembered.
   *
   * @param expiresAt milliseconds since the epoch
   */
  remember(token: string, identifier: string, documentNumber: string, expiresAt: number): Promise<void>;
  /** The account that a person last used in a browser; `undefined` where the browser does not know the person. */
  find(token: string, identifier: string): Promise<{ readonly documentNumber: string } | undefined>;
  /** Whether the browser knows anybody. */
  knows(token: string): Promise<boolean>;
  /** Forgets everybody in a browser. */
  forget(token: string): Promise<void>;
}
