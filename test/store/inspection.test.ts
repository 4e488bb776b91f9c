import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { inspectDatabase } from '../../src/store/inspection.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';
import { ensureCurrent } from './suite/signing-keys.ts';

const log = createLogger({ level: 'silent' });
const secrets = createSecrets('a'.repeat(48));
const others = createSecrets('b'.repeat(48));

describe('the inspection of a database', () => {
  let server: TestPostgres;
  before(async () => {
    server = await startTestPostgres();
  });
  after(() => server.stop());

  const inspected = (tried = secrets) =>
    inspectDatabase({ databaseUrl: server.url, dataDir: '/nowhere', log }, tried);

  async function withStore(use: (store: Store) => Promise<unknown>): Promise<void> {
    const options = { databaseUrl: server.url, dataDir: '/nowhere', secrets, now: () => Date.now(), log };
    const store = await openStore(options);
    await use(store);
    await store.close();
  }

  it('finds all migrations pending in an empty database, and leaves it empty', async () => {
    const found = await inspected();
    assert.ok(found.kind === 'there');
    assert.match(found.version, /^\d+/);
    assert.equal(found.pending[0], '0001-first-login');
    assert.equal(found.opens, undefined);
    const tables = `select table_name from information_schema.tables where table_schema = 'public'`;
    assert.deepEqual(await execute(server.url, tables), []);
  });

  it('finds a database of this release up to date, and tries the secret key on its sealed rows', async () => {
    await withStore(() => Promise.resolve());
    const [fresh, foreign] = [await inspected(), await inspected(others)];
    assert.ok(fresh.kind === 'there' && foreign.kind === 'there');
    assert.deepEqual([fresh.pending, fresh.opens, foreign.opens], [[], true, false]);

    await withStore((store) => ensureCurrent(store, 'ES256'));
    const [right, wrong] = [await inspected(), await inspected(others)];
    assert.ok(right.kind === 'there' && wrong.kind === 'there');
    assert.deepEqual([right.opens, wrong.opens], [true, false]);
  });

  it('finds the migrations of a newer release, and nothing pending', async () => {
    await execute(server.url, `insert into kysely_migration (name, timestamp) values ('9999-later', '')`);
    const found = await inspected();
    assert.ok(found.kind === 'there');
    assert.deepEqual([found.pending, found.newer, found.opens], [[], ['9999-later'], true]);
  });

  it('refuses a database with an unknown earlier migration, as a start does', async () => {
    await execute(server.url, `insert into kysely_migration (name, timestamp) values ('0001-other', '')`);
    await assert.rejects(inspected(), { code: 'migrations_differ' });
  });
});
