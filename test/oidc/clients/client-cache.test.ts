import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { CLIENT_CACHE_MS, cacheClients } from '../../../src/oidc/clients/client-cache.ts';
import type { OidcRecord, RecordStore } from '../../../src/oidc/stores.ts';

describe('the cache of clients', () => {
  let stored: Map<string, OidcRecord>;
  let reads: string[];
  let ms: number;
  let records: RecordStore;
  /** Called after a read and before its answer. */
  let duringRead: () => Promise<void>;

  beforeEach(() => {
    stored = new Map([['Client shop', { payload: { client_name: 'The shop' } }]]);
    reads = [];
    ms = 1_000_000;
    duringRead = () => Promise.resolve();
    const store: Pick<RecordStore, 'find' | 'put' | 'remove'> = {
      async find(model, id) {
        reads.push(`${model} ${id}`);
        const found = stored.get(`${model} ${id}`);
        await duringRead();
        return found;
      },
      async put(model, id, payload) {
        stored.set(`${model} ${id}`, { payload });
      },
      async remove(model, id) {
        stored.delete(`${model} ${id}`);
      },
    };
    records = cacheClients(store as RecordStore, () => ms);
  });

  const nameOf = async () => (await records.find('Client', 'shop'))?.payload.client_name;
  const rename = (name: string) => records.put('Client', 'shop', { client_name: name }, {}, undefined);

  it('reads a client once in four seconds', async () => {
    for (let look = 0; look < 9; look++) assert.equal(await nameOf(), 'The shop');
    assert.equal(reads.length, 1);
    ms += CLIENT_CACHE_MS - 1;
    assert.equal(await nameOf(), 'The shop');
    assert.equal(reads.length, 1);
    ms += 1;
    stored.delete('Client shop');
    assert.equal(await nameOf(), undefined, 'removed by another process');
  });

  it('notices changes of its own process at once', async () => {
    await nameOf();
    await rename('The new shop');
    assert.equal(await nameOf(), 'The new shop');
    await records.remove('Client', 'shop');
    assert.equal(await nameOf(), undefined);
  });

  it('does not keep what was read before a change', async () => {
    duringRead = async () => {
      duringRead = () => Promise.resolve();
      await rename('The new shop');
    };
    assert.equal(await nameOf(), 'The shop');
    assert.equal(await nameOf(), 'The new shop');
  });

  it('looks a client that does not exist up each time', async () => {
    stored.clear();
    await nameOf();
    stored.set('Client shop', { payload: { client_name: 'New' } });
    assert.equal(await nameOf(), 'New');
  });

  it('keeps nothing longer because the clock was set back', async () => {
    await nameOf();
    ms -= 3_600_000;
    await nameOf();
    assert.equal(reads.length, 2);
  });

  it('keeps no other records', async () => {
    for (let look = 0; look < 3; look++) await records.find('Grant', 'one');
    assert.deepEqual(reads, ['Grant one', 'Grant one', 'Grant one']);
  });
});
