/**
 * The states of a signing key, for each algorithm separately:
 *
 *   made ─▶ next ──────────────▶ current ──────────────▶ previous ─▶ removed
 *           published ahead      signs, published        published while its ID tokens are valid,
 *                                                        then kept to verify an id_token_hint
 *
 * There is always a next key, so usually it has been published for as long as the current key has signed. Pure functions:
 * they take the keys and the time, and return a plan.
 */
import { ID_TOKEN_SECONDS } from '../lifetimes.ts';
import type { KeyPlan, SigningAlgorithm, SigningKey } from '../stores.ts';

export const SIGNING_ALGORITHMS: readonly SigningAlgorithm[] = ['RS256', 'ES256'];

/** How long clients may cache the JWKS, in seconds: its `max-age`. They can trust a replaced key for as long. */
export const JWKS_CACHE_SECONDS = 600;
/** How often each instance polls for changed keys, in seconds. */
export const KEY_POLL_SECONDS = 10;
/** The tolerated difference between the clocks of instances and clients, in seconds. */
const CLOCK_SKEW_SECONDS = 300;

/** The minimum time a key is published before it signs: then every instance publishes it, and no client's cache lacks it. */
export const PUBLISHED_AHEAD_MS = (KEY_POLL_SECONDS + JWKS_CACHE_SECONDS + CLOCK_SKEW_SECONDS) * 1000;
/** How long a key is published after it last signed: until its last ID token has expired by every clock and cache. */
export const PUBLISHED_AFTER_MS =
  (KEY_POLL_SECONDS + ID_TOKEN_SECONDS + JWKS_CACHE_SECONDS + CLOCK_SKEW_SECONDS) * 1000;
/** How long a previous key is kept: applications send the ID token of a login as the hint of its logout. */
export const HINT_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** A requested change of the keys is refused. The message is a sentence for the operator. */
export class KeyError extends Error {
  readonly code: 'next_too_young' | 'key_unknown' | 'key_signs' | 'key_vouches';

  constructor(code: KeyError['code'], message: string) {
    super(message);
    this.name = 'KeyError';
    this.code = code;
  }
}

/** Whether a key belongs in the JWKS. */
export function isPublished({ state, since }: SigningKey, now: number): boolean {
  switch (state) {
    case 'next':
    case 'current':
      return true;
    case 'previous':
      return now < since + PUBLISHED_AFTER_MS;
  }
}

/**
 * The changes that are due: missing keys are made, a key that has signed for long enough is rotated, a key that is no longer
 * needed is removed.
 *
 * @param rotateAfterMs how long a key signs; undefined: until the operator rotates it
 */
export function dueSteps(
  keys: readonly SigningKey[],
  now: number,
  rotateAfterMs: number | undefined,
): KeyPlan {
  return [...SIGNING_ALGORITHMS.flatMap((alg) => dueStepsOf(alg, keys, now, rotateAfterMs)), ...expired()];

  function expired(): KeyPlan {
    return keys
      .filter(({ state, since }) => state === 'previous' && now >= since + HINT_KEPT_MS)
      .map(({ kid }) => ({ do: 'remove', kid }));
  }
}

function dueStepsOf(
  alg: SigningAlgorithm,
  keys: readonly SigningKey[],
  now: number,
  rotateAfterMs: number | undefined,
): KeyPlan {
  const { current, next } = keysOf(alg, keys);
  if (!current || !next) {
    // The first key signs at once: no client can have cached a JWKS without it.
    return [
      ...(current ? [] : [{ do: 'make', alg, state: 'current' } as const]),
      ...(next ? [] : [{ do: 'make', alg, state: 'next' } as const]),
    ];
  }
  const due = rotateAfterMs !== undefined && now >= current.since + rotateAfterMs;
  return due && now >= next.since + PUBLISHED_AHEAD_MS ? succession(alg, current, next) : [];
}

/**
 * Makes the next keys current.
 *
 * @throws {KeyError} `next_too_young` while a client can have a cached JWKS without a next key
 */
export function rotation(keys: readonly SigningKey[], now: number): KeyPlan {
  return SIGNING_ALGORITHMS.flatMap((alg) => {
    const { current, next } = keysOf(alg, keys);
    if (!current || !next || now < next.since + PUBLISHED_AHEAD_MS) throw tooYoung(alg, next);
    return succession(alg, current, next);
  });
}

/** Replaces all keys after a compromise: the new ones sign at once, the old ones are neither published nor accepted. */
export function replacement(keys: readonly SigningKey[]): KeyPlan {
  return [
    ...keys.map(({ kid }) => ({ do: 'remove', kid }) as const),
    ...SIGNING_ALGORITHMS.flatMap((alg) => [
      { do: 'make', alg, state: 'current' } as const,
      { do: 'make', alg, state: 'next' } as const,
    ]),
  ];
}

/**
 * Removes a key ahead of schedule. It must not sign, and its tokens must have expired.
 *
 * @throws {KeyError} `key_unknown`, `key_signs`, `key_vouches`
 */
export function retirement(keys: readonly SigningKey[], kid: string, now: number): KeyPlan {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new KeyError('key_unknown', `There is no signing key ${kid}: sild keys list.`);
  switch (key.state) {
    case 'current':
      throw new KeyError(
        'key_signs',
        `The key ${kid} signs: sild keys rotate first; or, where it is compromised, sild keys rotate --now.`,
      );
    case 'next':
      return [
        { do: 'remove', kid },
        { do: 'make', alg: key.alg, state: 'next' },
      ];
    case 'previous':
      if (isPublished(key, now)) {
        const until = new Date(key.since + PUBLISHED_AFTER_MS).toISOString();
        throw new KeyError(
          'key_vouches',
          `Tokens that the key ${kid} signed are valid until ${until}; or, where it is compromised, sild keys rotate --now.`,
        );
      }
      return [{ do: 'remove', kid }];
  }
}

function succession(alg: SigningAlgorithm, current: SigningKey, next: SigningKey): KeyPlan {
  return [
    { do: 'move', kid: current.kid, state: 'previous' },
    { do: 'move', kid: next.kid, state: 'current' },
    { do: 'make', alg, state: 'next' },
  ];
}

function tooYoung(alg: SigningAlgorithm, next: SigningKey | undefined): KeyError {
  const when = next
    ? `it can sign from ${new Date(next.since + PUBLISHED_AHEAD_MS).toISOString()} on`
    : 'a running Sild is about to make it';
  return new KeyError(
    'next_too_young',
    `Clients may not know the next ${alg} key yet: ${when}. Where the current key is compromised: sild keys rotate --now.`,
  );
}

function keysOf(alg: SigningAlgorithm, keys: readonly SigningKey[]) {
  const inState = (state: SigningKey['state']) => keys.find((key) => key.alg === alg && key.state === state);
  return { current: inState('current'), next: inState('next') };
}
