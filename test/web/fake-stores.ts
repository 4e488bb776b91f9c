/** Known browsers in memory, and writes that are stored together with an attempt. */
import type { JoinedWrites } from '../../src/login/attempt-store.ts';
import type { KnownBrowserStore } from '../../src/login/known-browser-store.ts';

/** What is done where writes are stored. */
const writes = new WeakMap<JoinedWrites, () => void>();

/** Writes that run a function when they are stored. */
export function joinedWritesOf(act: () => void): JoinedWrites {
  const joined = {} as JoinedWrites;
  writes.set(joined, act);
  return joined;
}

export function storeJoined(joined: JoinedWrites): void {
  writes.get(joined)?.();
}

/** Known browsers in memory, as the store keeps them. */
export function createFakeKnownBrowsers() {
  const rows = new Map<string, Map<string, string>>();
  let expiresAt: number | undefined;
  const store: KnownBrowserStore = {
    async remember(token, identifier, documentNumber, until) {
      expiresAt = until;
      rows.set(token, (rows.get(token) ?? new Map<string, string>()).set(identifier, documentNumber));
    },
    joinRemember: (...browser) => joinedWritesOf(() => void store.remember(...browser)),
    async find(token, identifier) {
      const documentNumber = rows.get(token)?.get(identifier);
      return documentNumber === undefined ? undefined : { documentNumber };
    },
    knows: async (token) => rows.has(token),
    async forget(token) {
      rows.delete(token);
    },
    async listPerson(identifier) {
      const known = [...rows].filter(([, people]) => people.has(identifier));
      return known.map(([id]) => ({ id, createdAt: 0, usedAt: 0, expiresAt: expiresAt ?? 0 }));
    },
    isToken: (token, id) => token === id,
    forgetPersonIn: async (identifier, id) => rows.get(id)?.delete(identifier) ?? false,
    async forgetPerson(identifier) {
      return [...rows.values()].filter((people) => people.delete(identifier)).length;
    },
  };
  return { ...store, rows, expiresAt: () => expiresAt };
}
