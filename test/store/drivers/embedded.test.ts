/** Behaviour specific to the embedded database: its directory. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { temporaryDirectory } from '../../support/database.ts';

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

function open(dataDir: string): Promise<Store> {
  return openStore({
    databaseUrl: undefined,
    dataDir,
    secrets: createSecrets('the SECRET_KEY that every process of this test has'),
    now: Date.now,
    log: createLogger({ level: 'silent' }),
  });
}
