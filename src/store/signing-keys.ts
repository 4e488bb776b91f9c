import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { SigningKeyStore, StoredSigningKey } from '../oidc/stores.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Tables } from './database.ts';

const algSchema = z.enum(['RS256', 'ES256']);
const privateJwkSchema = z.record(z.string(), z.unknown());

export function createSigningKeyStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  now: () => number,
): SigningKeyStore {
  return {
    async list() {
      return (await keys().execute()).map(open);
    },

    async ensure(alg, make) {
      const kept = await find(alg);
      if (kept) return kept;
      await insert(await make());
      // Whichever instance was first: its key is the one.
      const winner = await find(alg);
      if (!winner) throw new Error(`no signing key for ${alg} was kept: its kid belongs to another key`);
      return winner;
    },
  };

  async function insert({ kid, alg, privateJwk }: StoredSigningKey): Promise<void> {
    await db
      .insertInto('signing_key')
      .values({
        kid,
        alg,
        sealed: secrets.seal(JSON.stringify(privateJwk), contextOf(kid)),
        created_at: new Date(now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async function find(alg: StoredSigningKey['alg']): Promise<StoredSigningKey | undefined> {
    const row = await keys().where('alg', '=', alg).executeTakeFirst();
    return row && open(row);
  }

  function keys() {
    return db.selectFrom('signing_key').select(['kid', 'alg', 'sealed']).orderBy('created_at').orderBy('kid');
  }

  function open({ kid, alg, sealed }: { kid: string; alg: string; sealed: string }): StoredSigningKey {
    const privateJwk = privateJwkSchema.parse(JSON.parse(secrets.open(sealed, contextOf(kid))));
    return { kid, alg: algSchema.parse(alg), privateJwk };
  }
}

/** What a signing key is sealed for. */
export function contextOf(kid: string): string {
  return `signing_key:${kid}`;
}
