import { type Kysely, sql } from 'kysely';
import type { KnownBrowserStore } from '../login/known-browser-store.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Tables } from './database.ts';
import { lookupHash } from './lookup-hash.ts';
import { removeRows } from './remove-rows.ts';

export function createKnownBrowserStore(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'open' | 'personHash'>,
  now: () => number,
): KnownBrowserStore {
  return {
    async remember(token, identifier, documentNumber, expiresAt) {
      const key = keyOf(token, identifier);
      const columns = {
        sealed: secrets.seal(documentNumber, contextOf(key)),
        used_at: new Date(now()),
        expires_at: new Date(expiresAt),
      };
      await db
        .insertInto('known_browser')
        .values({ ...key, created_at: new Date(now()), ...columns })
        .onConflict((conflict) => conflict.columns(['token_hash', 'person_hash']).doUpdateSet(columns))
        .execute();
    },

    async find(token, identifier) {
      const key = keyOf(token, identifier);
      const row = await unexpired(key.token_hash)
        .select('sealed')
        .where('person_hash', '=', key.person_hash)
        .executeTakeFirst();
      return row && { documentNumber: secrets.open(row.sealed, contextOf(key)) };
    },

    async knows(token) {
      const row = await unexpired(lookupHash(token))
        .select(['token_hash', 'person_hash', 'sealed'])
        .limit(1)
        .executeTakeFirst();
      // Opened for its own sake: a row that somebody else has put there does not.
      return row !== undefined && secrets.open(row.sealed, contextOf(row)) !== '';
    },

    async forget(token) {
      await db.deleteFrom('known_browser').where('token_hash', '=', lookupHash(token)).execute();
    },
  };

  function unexpired(tokenHash: string) {
    return db
      .selectFrom('known_browser')
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', new Date(now()));
  }

  function keyOf(token: string, identifier: string): Key {
    return { token_hash: lookupHash(token), person_hash: secrets.personHash(identifier) };
  }
}

/** Removes what has expired; answers how many rows. */
export function removeExpiredKnownBrowsers(db: Kysely<Tables>, now: () => number): Promise<number> {
  return removeRows(db, 'known_browser', sql`expires_at <= ${new Date(now())}`);
}

interface Key {
  readonly token_hash: string;
  readonly person_hash: string;
}

function contextOf({ token_hash, person_hash }: Key): string {
  return `known_browser:${token_hash}:${person_hash}`;
}
