/** The database has committed a transaction, and its answer is lost. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kysely } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import { createKeyRotation } from '../../src/oidc/keys/key-rotation.ts';
import type { KeyChange } from '../../src/oidc/stores.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import type { Tables } from '../../src/store/database.ts';
import { openPglite } from '../../src/store/drivers/pglite.ts';
import { StoreError } from '../../src/store/errors.ts';
import { createSigningKeyStore } from '../../src/store/tables/signing-keys.ts';
import { temporaryDirectory } from '../support/database.ts';
import { copyMigratedDatabase } from '../support/templates.ts';

const AWAY = new StoreError('database_unreachable', 'the connection was lost');

let directory: string;
let db: Kysely<Tables>;

before(async () => {
  directory = await temporaryDirectory();
  await copyMigratedDatabase(directory);
  db = new Kysely<Tables>({ dialect: new PGliteDialect(await openPglite(join(directory, 'db'))) });
});
after(async () => {
  await db.destroy();
  await rm(directory, { recursive: true });
});

/** The next transaction fails: `after` it is committed, or by its last statement, so that it is not. */
function failing(when: 'before' | 'after'): Kysely<Tables> {
  const transaction = () => ({
    async execute<T>(act: (connection: unknown) => Promise<T>): Promise<T> {
      await db.transaction().execute(async (connection) => {
        const result = await act(connection);
        if (when === 'before') throw AWAY;
        return result;
      });
      throw AWAY;
    },
  });
  return Object.assign(db.withTables(), { transaction });
}

function rotateIfDue(connection: Kysely<Tables>): Promise<readonly KeyChange[]> {
  const secrets = createSecrets('a secret key of the tests, long enough');
  const signingKeys = createSigningKeyStore(connection, secrets, Date.now);
  return createKeyRotation({ signingKeys, rotationDays: 30, now: Date.now }).rotateIfDue();
}

describe('a change of signing keys', () => {
  it('fails where it is not committed', async () => {
    await assert.rejects(rotateIfDue(failing('before')), AWAY);
  });

  it('is known where it is committed and the answer is lost', async () => {
    const changes = await rotateIfDue(failing('after'));
    assert.equal(changes.length, 4);
    assert.deepEqual(await rotateIfDue(db), [], 'it is done');
  });
});
