/**
 * The signing keys change: by themselves when it is time, or because the operator says so. Each verb answers what it did,
 * for whoever keeps a record of it; running instances take it up within `KEY_POLL_SECONDS`.
 */
import { replacement, retirement, rotation, dueSteps } from './key-schedule.ts';
import { makeSigningKey } from './signing-keys.ts';
import type { KeyChange, SigningKeyStore } from '../stores.ts';

export interface KeyRotation {
  /** Does what is due, and as a rule that is nothing. Of several instances, one does it. */
  rotateIfDue(): Promise<readonly KeyChange[]>;
  /** The next keys sign from now on. @throws {KeyError} `next_too_young` */
  rotate(): Promise<readonly KeyChange[]>;
  /**
   * Every key is compromised: new ones take the place of all, at once. Clients that keep a copy of the JWKS go on trusting
   * the old keys until they fetch it again, and know the new ones only then.
   */
  replaceAll(): Promise<readonly KeyChange[]>;
  /** Removes a key that does not sign, before its time. @throws {KeyError} `key_unknown`, `key_signs` */
  retire(kid: string): Promise<readonly KeyChange[]>;
}

export interface KeyRotationOptions {
  readonly signingKeys: SigningKeyStore;
  /** After how many days a key makes place for the next one; undefined: never by itself. */
  readonly rotationDays: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function createKeyRotation({ signingKeys, rotationDays, now }: KeyRotationOptions): KeyRotation {
  const rotateAfterMs = rotationDays === undefined ? undefined : rotationDays * DAY_MS;
  return {
    async rotateIfDue() {
      // Looked at first without a lock: nothing is due almost always.
      if (dueSteps(await signingKeys.list(), now(), rotateAfterMs).length === 0) return [];
      return signingKeys.change((keys) => dueSteps(keys, now(), rotateAfterMs), makeSigningKey);
    },
    rotate: () => signingKeys.change((keys) => rotation(keys, now()), makeSigningKey),
    replaceAll: () => signingKeys.change(replacement, makeSigningKey),
    retire: (kid) => signingKeys.change((keys) => retirement(keys, kid, now()), makeSigningKey),
  };
}
