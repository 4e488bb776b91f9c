import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { StoredSigningKey } from '../../../src/oidc/stores.ts';
import type { Store } from '../../../src/store/store.ts';

export function signingKeySuite(store: () => Store): void {
  describe('signing keys', () => {
    it('keeps one key of an algorithm when 50 are offered at the same time', async () => {
      assert.deepEqual(await store().signingKeys.list(), []);
      const kept = await Promise.all(
        Array.from({ length: 50 }, () => store().signingKeys.ensure('RS256', () => newKey('RS256'))),
      );
      assert.equal(new Set(kept.map(({ kid }) => kid)).size, 1);
      assert.deepEqual(await store().signingKeys.list(), [kept[0]]);
    });

    it('makes no key of an algorithm that has one', async () => {
      const kept = await store().signingKeys.ensure('RS256', () => newKey('RS256'));
      const again = await store().signingKeys.ensure('RS256', () =>
        Promise.reject(new Error('not asked for')),
      );
      assert.deepEqual(again, kept);
    });

    it('keeps a key of each algorithm', async () => {
      const elliptic = await store().signingKeys.ensure('ES256', () => newKey('ES256'));
      assert.equal(elliptic.alg, 'ES256');
      const algorithms = (await store().signingKeys.list()).map(({ alg }) => alg).sort();
      assert.deepEqual(algorithms, ['ES256', 'RS256']);
    });
  });
}

export function newKey(alg: StoredSigningKey['alg']): Promise<StoredSigningKey> {
  return Promise.resolve({ kid: randomUUID(), alg, privateJwk: { kty: 'EC', d: `secret-${randomUUID()}` } });
}
