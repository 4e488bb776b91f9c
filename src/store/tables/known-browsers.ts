import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { KnownBrowserStore, RememberedBrowser } from '../../login/known-browser-store.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { joinedWrites } from './joined-writes.ts';
import type { Pace } from '../clean-up/pace.ts';
import { expiredRows, removeRows } from '../clean-up/remove-rows.ts';
import { contextOf, type KeyOf } from '../encryption/sealed-tables.ts';

export function createKnownBrowserStore(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'open' | 'personHash' | 'otherPersonHashes'>,
  now: () => number,
): KnownBrowserStore {
  return {
    async remember(...browser) {
      await sql`with ${sql.join(partsOf(browser, sql`true`))} select 1`.execute(db);
    },

    joinRemember: (...browser) => joinedWrites((condition) => partsOf(browser, condition)),

    async find(token, identifier) {
      const key = keyOf(token, identifier);
      const rows = await unexpired(key.token_hash)
        .select(['token_hash', 'person_hash', 'sealed'])
        .where('person_hash', 'in', [key.person_hash, ...secrets.otherPersonHashes(identifier)])
        .execute();
      const row = rows.find(({ person_hash }) => person_hash === key.person_hash) ?? rows[0];
      return row && { documentNumber: secrets.open(row.sealed, contextOf('known_browser', row)) };
    },

    async knows(token) {
      const row = await unexpired(lookupHash(token))
        .select(['token_hash', 'person_hash', 'sealed'])
        .limit(1)
        .executeTakeFirst();
      // Decrypted only as a check: a row inserted without SECRET_KEY fails here.
      return row !== undefined && secrets.open(row.sealed, contextOf('known_browser', row)) !== '';
    },

    async forget(token) {
      await db.deleteFrom('known_browser').where('token_hash', '=', lookupHash(token)).execute();
    },

    async listPerson(identifier) {
      const rows = await db
        .selectFrom('known_browser')
        .select(['token_hash', 'created_at', 'used_at', 'expires_at'])
        .where('person_hash', 'in', [
          secrets.personHash(identifier),
          ...secrets.otherPersonHashes(identifier),
        ])
        .where('expires_at', '>', new Date(now()))
        .orderBy('used_at', 'desc')
        .execute();
      return rows.map((row) => ({
        id: row.token_hash,
        createdAt: row.created_at.getTime(),
        usedAt: row.used_at.getTime(),
        expiresAt: row.expires_at.getTime(),
      }));
    },

    isToken: (token, id) => lookupHash(token) === id,

    async forgetPersonIn(identifier, id) {
      const hashes = [secrets.personHash(identifier), ...secrets.otherPersonHashes(identifier)];
      const { numDeletedRows } = await db
        .deleteFrom('known_browser')
        .where('token_hash', '=', id)
        .where('person_hash', 'in', hashes)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    async forgetPerson(identifier) {
      const hashes = [secrets.personHash(identifier), ...secrets.otherPersonHashes(identifier)];
      const { numDeletedRows } = await db
        .deleteFrom('known_browser')
        .where('person_hash', 'in', hashes)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };

  function unexpired(tokenHash: string) {
    return db
      .selectFrom('known_browser')
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', new Date(now()));
  }

  /** A person has one row per browser, under the first SECRET_KEY. */
  function partsOf(
    [token, identifier, documentNumber, expiresAt]: RememberedBrowser,
    condition: RawBuilder<unknown>,
  ): readonly RawBuilder<unknown>[] {
    const key = keyOf(token, identifier);
    const sealed = secrets.seal(documentNumber, contextOf('known_browser', key));
    const others = secrets.otherPersonHashes(identifier);
    const forgotten = sql`
      delete from known_browser
      where token_hash = ${key.token_hash} and person_hash = any(${[...others]}::text[]) and ${condition}`;
    const remembered = sql`
      insert into known_browser (token_hash, person_hash, sealed, created_at, used_at, expires_at)
      select ${key.token_hash}::text, ${key.person_hash}::text, ${sealed}::text, ${new Date(now())}::timestamptz,
        ${new Date(now())}::timestamptz, ${new Date(expiresAt)}::timestamptz
      where ${condition}
      on conflict (token_hash, person_hash) do update set sealed = excluded.sealed, used_at = excluded.used_at,
        expires_at = greatest(known_browser.expires_at, excluded.expires_at)`;
    return [
      ...(others.length === 0 ? [] : [sql`forgotten as (${forgotten})`]),
      sql`remembered as (${remembered})`,
    ];
  }

  function keyOf(token: string, identifier: string): KeyOf<'known_browser'> {
    return { token_hash: lookupHash(token), person_hash: secrets.personHash(identifier) };
  }
}

/**
 * Replaces person hashes of other SECRET_KEYs by those of the first one. A document number begins with the person's
 * identifier, and the hash confirms that the row belongs to that person. A row of the same browser and person that already
 * has the first key is newer, and wins.
 *
 * @param opened rows with their document numbers; moved rows no longer exist under their old primary key
 */
export async function movePersons(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'personHash' | 'otherPersonHashes'>,
  opened: readonly { readonly row: KeyOf<'known_browser'>; readonly text: string }[],
): Promise<void> {
  for (const { row, text: documentNumber } of opened) {
    const identifier = beginningsOf(documentNumber).find((beginning) =>
      secrets.otherPersonHashes(beginning).includes(row.person_hash),
    );
    if (identifier === undefined) continue;
    const key = { token_hash: row.token_hash, person_hash: secrets.personHash(identifier) };
    const sealed = secrets.seal(documentNumber, contextOf('known_browser', key));
    await sql`
      with former as (
        delete from known_browser where token_hash = ${row.token_hash} and person_hash = ${row.person_hash}
        returning *
      )
      insert into known_browser (token_hash, person_hash, sealed, created_at, used_at, expires_at)
      select token_hash, ${key.person_hash}, ${sealed}, created_at, used_at, expires_at from former
      on conflict do nothing`.execute(db);
  }
}

/** `PNOLV-030303-10012-MOCK-Q`: `PNOLV`, `PNOLV-030303`, … */
function beginningsOf(documentNumber: string): string[] {
  const parts = documentNumber.split('-');
  return parts.map((_, index) => parts.slice(0, index + 1).join('-'));
}

/** Removes expired rows; returns their number. */
export function removeExpiredKnownBrowsers(
  db: Kysely<Tables>,
  now: () => number,
  pace: Pace,
): Promise<number> {
  return removeRows(db, expiredRows('known_browser', now), pace);
}
