import type { JoinedWrites } from './attempt-store.ts';

/** A browser that knows a person; times in milliseconds since the epoch. */
export interface KnownBrowser {
  /** Names the browser in lists; not a credential. */
  readonly id: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly expiresAt: number;
}

/** A browser's token, the person and the document number, and until when they are remembered, in milliseconds since the epoch. */
export type RememberedBrowser = readonly [
  token: string,
  identifier: string,
  documentNumber: string,
  expiresAt: number,
];

/**
 * Remembers which people have logged in from which browsers with a device link, for all instances. A browser is known by
 * a random token in its cookie; the store keeps the token's hash, a keyed hash of the person and the document number,
 * sealed: from the database one learns neither who uses a browser nor the token of one.
 *
 * Guarantees: an expired row is never found, even before it is removed. Concurrent calls of `remember` are allowed; the last
 * one counts.
 */
export interface KnownBrowserStore {
  /**
   * Remembers a person in a browser, or extends the time; an earlier `expiresAt` than the stored one has no effect.
   */
  remember(...browser: RememberedBrowser): Promise<void>;
  /** The same, to be stored by the statement that completes the login. */
  joinRemember(...browser: RememberedBrowser): JoinedWrites;
  /** The account that a person last used in a browser; `undefined` if the person is not remembered there. */
  find(token: string, identifier: string): Promise<{ readonly documentNumber: string } | undefined>;
  /** Whether anybody is remembered in the browser. */
  knows(token: string): Promise<boolean>;
  /** Removes everybody who is remembered in a browser. */
  forget(token: string): Promise<void>;
  /** The browsers that know a person, the last used first. */
  listPerson(identifier: string): Promise<readonly KnownBrowser[]>;
  /** Whether a token is that of the browser with this ID. */
  isToken(token: string, id: string): boolean;
  /** Removes a person from one browser, by its ID. Returns whether it knew the person. */
  forgetPersonIn(identifier: string, id: string): Promise<boolean>;
  /** Removes a person from all browsers. Returns their number. */
  forgetPerson(identifier: string): Promise<number>;
}
