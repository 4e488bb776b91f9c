/**
 * When a signing key comes to which state, for each algorithm by itself:
 *
 *   made ─▶ next ──────────────▶ current ──────────────▶ previous ─▶ removed
 *           published ahead      signs, published        published while what it signed lives,
 *                                                        then kept to recognise an id_token_hint
 *
 * There is always a next one, so as a rule it has been published for as long as the current one has signed. Pure: keys and
 * the time in, a plan out.
 */
import { ID_TOKEN_SECONDS } from '../lifetimes.ts';
import type { KeyPlan, SigningAlgorithm, SigningKey } from '../stores.ts';

export const SIGNING_ALGORITHMS: readonly SigningAlgorithm[] = ['RS256', 'ES256'];

/** How long clients may keep our JWKS, in seconds: its `max-age`. After an emergency they may trust a stolen key for as long. */
export const JWKS_CACHE_SECONDS = 600;
/** How often each instance looks whether keys have changed, in seconds. */
export const KEY_POLL_SECONDS = 10;
/** By how much the clocks of instances and clients may differ, in seconds. */
const CLOCK_SKEW_SECONDS = 300;

/** How long a key is published before it signs, at least: every instance publishes it, and no client's copy is older. */
export const PUBLISHED_AHEAD_MS = (KEY_POLL_SECONDS + JWKS_CACHE_SECONDS + CLOCK_SKEW_SECONDS) * 1000;
/** How long a key is published after it signed: until its last ID token is over for everybody. */
export const PUBLISHED_AFTER_MS =
  (KEY_POLL_SECONDS + ID_TOKEN_SECONDS + JWKS_CACHE_SECONDS + CLOCK_SKEW_SECONDS) * 1000;
/** How long a key that signs no more is kept at all: applications send the ID token of a login as the hint of its logout. */
export const HINT_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Keys cannot be changed as they were asked to. The message is a sentence for the operator. */
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
 * What is due: keys that are missing, a key that has signed for long enough, a key that nobody asks for any more.
 *
 * @param rotateAfterMs how long a key signs; undefined: until somebody rotates
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
    // Nobody has a copy of a JWKS that has never been: the first key signs at once.
    return [
      ...(current ? [] : [{ do: 'make', alg, state: 'current' } as const]),
      ...(next ? [] : [{ do: 'make', alg, state: 'next' } as const]),
    ];
  }
  const due = rotateAfterMs !== undefined && now >= current.since + rotateAfterMs;
  return due && now >= next.since + PUBLISHED_AHEAD_MS ? succession(alg, current, next) : [];
}

/**
 * The next keys sign from now on.
 *
 * @throws {KeyError} `next_too_young` while clients may not know a next key yet
 */
export function rotation(keys: readonly SigningKey[], now: number): KeyPlan {
  return SIGNING_ALGORITHMS.flatMap((alg) => {
    const { current, next } = keysOf(alg, keys);
    if (!current || !next || now < next.since + PUBLISHED_AHEAD_MS) throw tooYoung(alg, next);
    return succession(alg, current, next);
  });
}

/** Every key is compromised: new ones sign at once, and no old one is published or believed any more. */
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
 * One key that does not sign, and whose tokens are over, goes before its time.
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
