import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  HINT_KEPT_MS,
  isPublished,
  JWKS_CACHE_SECONDS,
  PUBLISHED_AFTER_MS,
  PUBLISHED_AHEAD_MS,
  replacement,
  retirement,
  rotation,
  dueSteps,
} from '../../../src/oidc/keys/key-schedule.ts';
import { ID_TOKEN_SECONDS } from '../../../src/oidc/lifetimes.ts';
import type { KeyPlan, SigningKey } from '../../../src/oidc/stores.ts';

const START = Date.UTC(2031, 0, 1);
const DAY = 24 * 60 * 60 * 1000;
const PERIOD = 90 * DAY;

/** A new current key and a new next key of each algorithm. */
const KEYS: readonly SigningKey[] = (['RS256', 'ES256'] as const).flatMap((alg) => [
  { kid: `${alg}-1`, alg, state: 'current', since: START } as const,
  { kid: `${alg}-2`, alg, state: 'next', since: START } as const,
]);

const SUCCESSION: KeyPlan = (['RS256', 'ES256'] as const).flatMap((alg) => [
  { do: 'move', kid: `${alg}-1`, state: 'previous' } as const,
  { do: 'move', kid: `${alg}-2`, state: 'current' } as const,
  { do: 'make', alg, state: 'next' } as const,
]);

function changed(kid: string, change: Partial<SigningKey>): readonly SigningKey[] {
  return KEYS.map((key) => (key.kid === kid ? { ...key, ...change } : key));
}

describe('the rotation of signing keys', () => {
  it('generates a current and a next key of each algorithm if there are none', () => {
    assert.deepEqual(dueSteps([], START, PERIOD), [
      { do: 'make', alg: 'RS256', state: 'current' },
      { do: 'make', alg: 'RS256', state: 'next' },
      { do: 'make', alg: 'ES256', state: 'current' },
      { do: 'make', alg: 'ES256', state: 'next' },
    ]);
  });

  it('generates the next keys if there are only current ones, which continue to sign', () => {
    const current = KEYS.filter(({ state }) => state === 'current');
    assert.deepEqual(dueSteps(current, START + 2 * PERIOD, PERIOD), [
      { do: 'make', alg: 'RS256', state: 'next' },
      { do: 'make', alg: 'ES256', state: 'next' },
    ]);
  });

  it('rotates when a key has signed for the rotation period, not a millisecond before', () => {
    assert.deepEqual(dueSteps(KEYS, START + PERIOD - 1, PERIOD), []);
    assert.deepEqual(dueSteps(KEYS, START + PERIOD, PERIOD), SUCCESSION);
  });

  it('never rotates if automatic rotation is off', () => {
    assert.deepEqual(dueSteps(KEYS, START + 1000 * PERIOD, undefined), []);
  });

  it('waits until the next key has been published for long enough', () => {
    const made = START + PERIOD - 1000;
    const keys = changed('RS256-2', { since: made });
    const rotated = (now: number) =>
      dueSteps(keys, now, PERIOD).some((step) => 'alg' in step && step.alg === 'RS256');
    assert.equal(rotated(made + PUBLISHED_AHEAD_MS - 1), false);
    assert.equal(rotated(made + PUBLISHED_AHEAD_MS), true);
  });

  it('removes a previous key after the period for hints', () => {
    const keys = [...KEYS, { kid: 'old', alg: 'RS256', state: 'previous', since: START } as const];
    assert.deepEqual(dueSteps(keys, START + HINT_KEPT_MS - 1, undefined), []);
    assert.deepEqual(dueSteps(keys, START + HINT_KEPT_MS, undefined), [{ do: 'remove', kid: 'old' }]);
  });
});

describe('the JWKS', () => {
  it('contains next and current keys, and a previous one until its last token has expired for every client', () => {
    const previous: SigningKey = { kid: 'old', alg: 'RS256', state: 'previous', since: START };
    assert.ok(KEYS.every((key) => isPublished(key, START + 1000 * PERIOD)));
    assert.ok(PUBLISHED_AFTER_MS >= (ID_TOKEN_SECONDS + JWKS_CACHE_SECONDS) * 1000);
    assert.equal(isPublished(previous, START + PUBLISHED_AFTER_MS - 1), true);
    assert.equal(isPublished(previous, START + PUBLISHED_AFTER_MS), false);
  });

  it('contains a next key for longer than the cache time before that key signs', () => {
    assert.ok(PUBLISHED_AHEAD_MS > JWKS_CACHE_SECONDS * 1000);
  });
});

describe('a manual rotation', () => {
  it('has the same steps, ahead of schedule', () => {
    assert.deepEqual(rotation(KEYS, START + PUBLISHED_AHEAD_MS), SUCCESSION);
  });

  it('is refused while a client can lack a next key', () => {
    for (const keys of [KEYS, changed('ES256-2', { since: START + 1 }), KEYS.slice(0, 3), []]) {
      assert.throws(() => rotation(keys, START + PUBLISHED_AHEAD_MS - (keys === KEYS ? 1 : 0)), {
        name: 'KeyError',
        code: 'next_too_young',
      });
    }
  });
});

describe('the replacement of compromised keys', () => {
  it('removes all of them, in any state, at once', () => {
    const keys = [...KEYS, { kid: 'old', alg: 'ES256', state: 'previous', since: START } as const];
    const plan = replacement(keys);
    assert.deepEqual(
      plan.flatMap((step) => (step.do === 'remove' ? [step.kid] : [])),
      keys.map(({ kid }) => kid),
    );
    assert.deepEqual(plan.slice(keys.length), dueSteps([], START, PERIOD));
  });
});

describe('retiring a key', () => {
  it('removes a previous key after its tokens have expired for every client, and not before', () => {
    const keys = [...KEYS, { kid: 'old', alg: 'ES256', state: 'previous', since: START } as const];
    const over = START + PUBLISHED_AFTER_MS;
    assert.deepEqual(retirement(keys, 'old', over), [{ do: 'remove', kid: 'old' }]);
    assert.throws(() => retirement(keys, 'old', over - 1), { code: 'key_vouches' });
  });

  it('replaces a next key', () => {
    assert.deepEqual(retirement(KEYS, 'ES256-2', START), [
      { do: 'remove', kid: 'ES256-2' },
      { do: 'make', alg: 'ES256', state: 'next' },
    ]);
  });

  it('refuses the key that signs, and an unknown key', () => {
    assert.throws(() => retirement(KEYS, 'RS256-1', START), { code: 'key_signs' });
    assert.throws(() => retirement(KEYS, 'unknown', START), { code: 'key_unknown' });
  });
});
