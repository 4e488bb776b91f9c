/**
 * Changes of the signing keys: by schedule, or by the operator. Each function returns its changes, for the audit. Running
 * instances use them within `KEY_POLL_SECONDS`.
 */
import { replacement, retirement, rotation, dueSteps } from './key-schedule.ts';
import { makeSigningKey } from './signing-keys.ts';
import type { KeyChange, SigningAlgorithm, SigningKey, SigningKeyStore } from '../stores.ts';

export interface KeyRotation {
  /** Makes the changes that are due; usually none. If several instances call it at once, one makes them. */
  rotateIfDue(): Promise<readonly KeyChange[]>;
  /** Makes the next keys current at once. @throws {KeyError} `next_too_young` */
  rotate(): Promise<readonly KeyChange[]>;
  /**
   * Replaces all keys at once, after a compromise. Clients that cache the JWKS trust the old keys, and do not know the new
   * ones, until they fetch it again.
   */
  replaceAll(): Promise<readonly KeyChange[]>;
  /** Removes a key that does not sign, ahead of schedule. @throws {KeyError} `key_unknown`, `key_signs`, `key_vouches` */
  retire(kid: string): Promise<readonly KeyChange[]>;
}

export interface KeyRotationOptions {
  readonly signingKeys: SigningKeyStore;
  /** Days after which a key is rotated; undefined: no automatic rotation. */
  readonly rotationDays: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * When each key that signs is to be replaced by schedule, in milliseconds since the epoch.
 *
 * @param rotationDays undefined: there is no schedule, and the list is empty
 */
export function rotationsOf(
  keys: readonly SigningKey[],
  rotationDays: number | undefined,
): { readonly alg: SigningAlgorithm; readonly dueAt: number }[] {
  if (rotationDays === undefined) return [];
  return keys
    .filter(({ state }) => state === 'current')
    .map(({ alg, since }) => ({ alg, dueAt: since + rotationDays * DAY_MS }));
}

export function createKeyRotation({ signingKeys, rotationDays, now }: KeyRotationOptions): KeyRotation {
  const rotateAfterMs = rotationDays === undefined ? undefined : rotationDays * DAY_MS;
  return {
    async rotateIfDue() {
      // The first check takes no lock, because almost always nothing is due.
      if (dueSteps(await signingKeys.list(), now(), rotateAfterMs).length === 0) return [];
      return signingKeys.change((keys) => dueSteps(keys, now(), rotateAfterMs), makeSigningKey);
    },
    rotate: () => signingKeys.change((keys) => rotation(keys, now()), makeSigningKey),
    replaceAll: () => signingKeys.change(replacement, makeSigningKey),
    retire: (kid) => signingKeys.change((keys) => retirement(keys, kid, now()), makeSigningKey),
  };
}
