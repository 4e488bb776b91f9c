/** Behaviour specific to the embedded database: its directory. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { openEmbeddedClient, RESERVE_BYTES } from '../../../src/store/drivers/embedded-client.ts';
import { openEmbedded } from '../../../src/store/drivers/embedded.ts';
import { startDatabaseThread, ThreadEndedError } from '../../../src/store/drivers/embedded-thread.ts';
import { isOutage, StoreError } from '../../../src/store/errors.ts';
import { tryWrites } from '../../../src/store/writes.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { temporaryDirectory } from '../../support/database.ts';
import { copyMigratedDatabase } from '../../support/templates.ts';

const KILLED_PROCESS = join(import.meta.dirname, 'killed-process.ts');

describe('the embedded database', () => {
  let parent: string;
  let dataDir: string;
  before(async () => {
    parent = await temporaryDirectory();
    dataDir = join(parent, 'not', 'there', 'yet');
  });
  after(() => rm(parent, { recursive: true }));

  it('starts over after an interrupted first start', async () => {
    await mkdir(join(dataDir, 'db.new'), { recursive: true });
    await writeFile(join(dataDir, 'db.new', 'PG_VERSION'), '17\n');
    const store = await open(dataDir);
    await store.ping();
    await store.close();
  });

  it('is opened by one process at a time, and again after it was closed', async () => {
    const store = await open(dataDir);
    await assert.rejects(open(dataDir), { name: 'StoreError', code: 'data_dir_in_use' });
    await store.close();
    await (await open(dataDir)).close();
  });

  it('does not change the exit code of the process', async () => {
    const before = process.exitCode;
    process.exitCode = 7;
    try {
      const store = await open(dataDir);
      assert.equal(process.exitCode, 7);
      await store.close();
      assert.equal(process.exitCode, 7);
    } finally {
      process.exitCode = before;
    }
  });

  it('is not opened while another process has it, and loses nothing when that process is killed', async () => {
    const child = spawn(process.execPath, [KILLED_PROCESS, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];
    assert.equal(String(line), 'written\n');
    await assert.rejects(open(dataDir), { name: 'StoreError', code: 'data_dir_in_use' });

    child.kill('SIGKILL');
    await ended;
    const store = await open(dataDir);
    try {
      assert.deepEqual(await store.records.find('Client', 'portal'), { payload: { client_name: 'Portal' } });
    } finally {
      await store.close();
    }
  });

  it('reports damage instead of creating a new database', async () => {
    const damaged = join(parent, 'damaged');
    await mkdir(join(damaged, 'db'), { recursive: true });
    await writeFile(join(damaged, 'db', 'PG_VERSION'), 'not a database\n');
    await assert.rejects(open(damaged), { name: 'StoreError', code: 'embedded_database_damaged' });
    assert.equal(await readFile(join(damaged, 'db', 'PG_VERSION'), 'utf8'), 'not a database\n');
  });

  it('of another version of PostgreSQL is not called damaged', async () => {
    const older = join(parent, 'older');
    await mkdir(join(older, 'db'), { recursive: true });
    await writeFile(join(older, 'db', 'PG_VERSION'), '16\n');
    await assert.rejects(open(older), { code: 'embedded_database_version', message: /PostgreSQL 16/ });
  });

  it('that refuses a statement is not called damaged', async () => {
    const database = await openEmbedded(dataDir);
    try {
      const refusal: unknown = await sql`select 1 / 0`.execute(database.db).catch((error: unknown) => error);
      const { code, message } = await database.explain(refusal);
      assert.equal(code, 'database_refused');
      assert.match(message, /division by zero/);
    } finally {
      await database.close();
    }
  });

  it('leaves the main thread free while a statement runs', async () => {
    const database = await openEmbedded(dataDir);
    try {
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 5);
      await sql`select count(*) from generate_series(1, 3000000)`.execute(database.db);
      clearInterval(timer);
      assert.ok(turns > 10, `${turns} turns`);
    } finally {
      await database.close();
    }
  });

  it('whose statement never ends is ended, and opens again', async () => {
    const path = join(dataDir, 'db');
    const thread = await startDatabaseThread(path, 500);
    const endless = thread.query('select count(*) from generate_series(1, 1000000000000)', []);
    await assert.rejects(endless, ThreadEndedError);
    await assert.rejects(thread.query('select 1', []), ThreadEndedError);
    await (await open(dataDir)).close();
  });

  it('opens again once what has kept it from that is over', async () => {
    const path = join(dataDir, 'db');
    const client = await openEmbeddedClient(path, {
      freeBytes: () => Promise.resolve(Infinity),
      explain: (error) => Promise.resolve(new StoreError('embedded_database_stopped', String(error))),
      statementMs: 500,
    });
    const stopped = { name: 'StoreError', code: 'embedded_database_stopped' };
    try {
      await assert.rejects(client.query('select count(*) from generate_series(1, 1000000000000)'), stopped);
      await rename(join(path, 'base'), join(path, '..', 'base'));
      try {
        await assert.rejects(client.query('select 1'), stopped);
      } finally {
        await rename(join(path, '..', 'base'), join(path, 'base'));
      }
      assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
    } finally {
      await client.close();
    }
  });

  it('does not continue a transaction whose thread has ended in another one', async () => {
    const client = await openEmbeddedClient(join(dataDir, 'db'), {
      freeBytes: () => Promise.resolve(Infinity),
      explain: (error) => Promise.resolve(new StoreError('embedded_database_stopped', String(error))),
      statementMs: 500,
    });
    const insert = (name: string) =>
      client.query("insert into kept_secret (name, sealed, created_at) values ($1, 'x', now())", [name]);
    try {
      await client.query('begin');
      await insert('before the end');
      const stopped = { code: 'embedded_database_stopped' };
      await assert.rejects(client.query('select count(*) from generate_series(1, 1000000000000)'), stopped);
      await assert.rejects(insert('after the end'), stopped);
      await assert.rejects(client.query('commit'), stopped);
      await client.query('rollback');
      await insert('after the rollback');
      const { rows } = await client.query("select name from kept_secret where name like '% the %'");
      assert.deepEqual(rows, [{ name: 'after the rollback' }]);
    } finally {
      await client.close();
    }
  });

  it('reports a data directory that cannot be created, in one sentence', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    for (const directory of [file, join(file, 'below'), '/sys/sild-data']) {
      await assert.rejects(open(directory), {
        name: 'StoreError',
        code: 'data_dir_unwritable',
        message: /^DATA_DIR \([^\n]+\.$/,
      });
    }
  });
});

describe('an embedded database on a full disk', () => {
  let dataDir: string;
  let free = Infinity;
  const freeBytes = () => Promise.resolve(free);
  const isDiskFull = (error: unknown) => {
    assert.ok(error instanceof StoreError && isOutage(error));
    assert.equal(error.code, 'disk_full');
    assert.match(error.message, /is full: free some space there.* not damaged/);
    assert.doesNotMatch(error.message, /backup|move/);
    return true;
  };
  before(async () => {
    dataDir = await temporaryDirectory();
    await copyMigratedDatabase(dataDir);
  });
  after(() => rm(dataDir, { recursive: true }));

  it('is reported as a full disk at the start, also where there is no database yet', async () => {
    free = RESERVE_BYTES - 1;
    await assert.rejects(openEmbedded(dataDir, { freeBytes }), isDiskFull);
    const empty = await temporaryDirectory();
    await assert.rejects(openEmbedded(empty, { freeBytes }), isDiskFull);
    await rm(empty, { recursive: true });
    free = RESERVE_BYTES;
    await (await openEmbedded(dataDir, { freeBytes })).close();
  });

  it('refuses writes while it runs, but no reads and no removal, and writes again with free space', async () => {
    free = Infinity;
    const database = await openEmbedded(dataDir, { freeBytes });
    const { db } = database;
    const write = (name: string) =>
      db.insertInto('kept_secret').values({ name, sealed: 'x', created_at: new Date() }).execute();
    const names = async () =>
      (await db.selectFrom('kept_secret').select('name').execute()).map(({ name }) => name);
    try {
      await write('before');
      free = 0;
      // The free space is measured ten times a second.
      const patience = AbortSignal.timeout(5_000);
      let refusal: unknown;
      for (let index = 0; refusal === undefined; index += 1) {
        patience.throwIfAborted();
        refusal = await write(`until ${index}`).then(
          () => undefined,
          (error: unknown) => error,
        );
      }
      isDiskFull(refusal);
      await assert.rejects(tryWrites(db), isDiskFull);
      await assert.rejects(
        db
          .transaction()
          .execute((transaction) => sql`update kept_secret set sealed = 'y'`.execute(transaction)),
        isDiskFull,
      );
      await db.deleteFrom('kept_secret').where('name', 'like', 'until %').execute();
      assert.deepEqual(await names(), ['before']);
      free = Infinity;
      while ((await names()).length < 2) {
        patience.throwIfAborted();
        await write('after').catch(isDiskFull);
      }
    } finally {
      await database.close();
    }
  });
});

function open(dataDir: string): Promise<Store> {
  return openStore({
    databaseUrl: undefined,
    dataDir,
    secrets: createSecrets('the SECRET_KEY that every process of this test has'),
    now: Date.now,
    log: createLogger({ level: 'silent' }),
  });
}
