import { LRUCache } from 'lru-cache';
import type { OidcRecord, RecordStore } from '../stores.ts';
import { CLIENT_MODEL } from './clients.ts';

/**
 * How long a change of a client that another process made may go unnoticed, in milliseconds. With the time of the request that
 * read it, a removed client is gone within five seconds everywhere.
 */
export const CLIENT_CACHE_MS = 4_000;
const MAX_CLIENTS = 1_000;

/**
 * The store with the registered clients that were read last: a login looks its client up nine times. Changes through this store
 * count at once. A client that does not exist is looked up each time, so that a new one can be used at once.
 *
 * @param now milliseconds since the epoch
 */
export function cacheClients(records: RecordStore, now: () => number): RecordStore {
  const known = new LRUCache<string, { readonly record: OidcRecord; readonly until: number }>({
    max: MAX_CLIENTS,
  });
  let changes = 0;

  return {
    ...records,
    async find(model, id) {
      if (model !== CLIENT_MODEL) return records.find(model, id);
      const cached = known.get(id);
      // A clock that was set back makes nothing last longer.
      if (cached && now() < cached.until && cached.until - now() <= CLIENT_CACHE_MS) return cached.record;
      const [until, before] = [now() + CLIENT_CACHE_MS, changes];
      const record = await records.find(model, id);
      known.delete(id);
      // What was read before a change must not outlive it.
      if (record && changes === before) known.set(id, { record, until });
      return record;
    },
    put: (model, id, ...rest) => change(model, id, () => records.put(model, id, ...rest)),
    add: (model, id, ...rest) => change(model, id, () => records.add(model, id, ...rest)),
    remove: (model, id) => change(model, id, () => records.remove(model, id)),
  };

  async function change<T>(model: string, id: string, act: () => Promise<T>): Promise<T> {
    if (model !== CLIENT_MODEL) return act();
    changes += 1;
    try {
      return await act();
    } finally {
      changes += 1;
      known.delete(id);
    }
  }
}
