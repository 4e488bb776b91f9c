import type { Limited } from './limit-store.ts';

/** The places of one instance for logins that wait for a person. Kept in memory. */
export interface WaitingPlaces {
  /** Takes a place for a login that begins, or finds the one that it has; returns why it has to wait if none is free. */
  take(interactionUid: string): Extract<Limited, { by: 'instance' }> | undefined;
  /** Gives the place back: the login does not begin after all. */
  leave(interactionUid: string): void;
  /** Records that a login waits here, even if no place is free: another instance may have begun it. */
  hold(interactionUid: string): void;
}
