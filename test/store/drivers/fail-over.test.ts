/** A server that takes no writes, as after a fail-over, and a role without rights. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';

const READ_ONLY = { name: 'StoreError', code: 'database_read_only' };

describe('the store when the server takes no writes', () => {
  let server: TestPostgres;
  let store: Store;
  let lines: string[];
  const name = () => new URL(server.url).pathname.slice(1);
  /** From another database, since this one becomes read-only. */
  const administer = (statement: string) => execute(server.urlWith({ database: 'postgres' }), statement);
  const put = (id: string) => store.records.put('AccessToken', id, {}, {}, undefined);

  before(async () => {
    server = await startTestPostgres();
    lines = [];
    const destination = new PassThrough({ encoding: 'utf8' }).on('data', (line: string) => lines.push(line));
    store = await open(server.url, createLogger({ level: 'error', destination }));
  });
  after(async () => {
    await store.close();
    await server.stop();
  });

  it('is not ready, and closes its connections, so that it goes on when the new primary is there', async () => {
    await administer(`alter database ${name()} set default_transaction_read_only = on`);
    // A fail-over closes the connections to the old primary; the new ones lead to a server that stays read-only for them.
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}'`);
    await Promise.allSettled(Array.from({ length: 10 }, () => store.ping()));
    await assert.rejects(store.ping(), READ_ONLY);
    await assert.rejects(put('one'), READ_ONLY);
    assert.equal(await store.records.find('AccessToken', 'one'), undefined, 'reads go on');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.ok(events.includes('database_read_only'));

    // The session of the read stays read-only; the first write that it refuses closes it.
    await administer(`alter database ${name()} reset default_transaction_read_only`);
    await assert.rejects(store.ping(), READ_ONLY);
    await store.ping();
    await Promise.all(Array.from({ length: 20 }, (_, index) => put(`token ${index}`)));
  });

  it('is not ready without a right that logins need', async () => {
    const role = `${name()}_role`;
    await execute(
      server.url,
      `create role ${role} login password 'secret'; grant create on schema public to ${role};
        create schema ${role} authorization ${role}`,
    );
    const url = server.urlWith({ user: role, password: 'secret' });
    const limited = await open(`${url}?options=-c%20search_path%3D${role}`);
    try {
      await limited.ping();
      await execute(server.url, `revoke delete on ${role}.login_result from ${role}`);
      await assert.rejects(limited.ping(), { code: '42501', message: /login_result/ });
    } finally {
      await limited.close();
      await execute(server.url, `drop owned by ${role}; drop role ${role}`);
    }
  });
});

function open(databaseUrl: string, log = createLogger({ level: 'silent' })): Promise<Store> {
  const secrets = createSecrets('a'.repeat(48));
  return openStore({ databaseUrl, dataDir: '/nowhere', secrets, now: Date.now, log });
}
