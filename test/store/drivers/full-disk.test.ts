/** The embedded database on a file system that is really full. Mounting one needs root; other tests simulate it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { freshEnvironment } from '../../../e2e/support/environment.ts';
import { freeBytesOf } from '../../../src/store/drivers/embedded-client.ts';
import { openEmbedded } from '../../../src/store/drivers/embedded.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { embeddedSecretKey } from '../../../src/secrets/embedded-secret-key.ts';
import { isOutage, StoreError } from '../../../src/store/errors.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts');

function mounts(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const mountPoint = mkdtempSync(join(tmpdir(), 'sild-test-'));
const skip = !mounts(mountPoint) && 'no file system can be mounted here';
const dataDir = join(mountPoint, 'data');
const secretKey = randomBytes(48).toString('base64url');
const kept = new Set<string>();

describe('on a file system of 90 MB', { skip }, () => {
  let store: Store;
  before(async () => {
    store = await open();
  });
  after(async () => {
    execFileSync('umount', ['-l', mountPoint]);
    await rm(mountPoint, { recursive: true });
  });

  it('a flood of writes fails because the disk is full, and the main thread goes on', async () => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    const refusal = await flood();
    clearInterval(timer);
    isDiskFull(refusal);
    assert.ok(longest < 2_000, `the main thread stood still for ${longest} ms`);
    await assert.rejects(store.ping(), isDiskFull);
    await store.close();
  });

  it('a start ends with that reason', async () => {
    await writeFile(join(mountPoint, 'filler'), Buffer.alloc(await freeBytesOf(mountPoint)));
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...(await freshEnvironment(dataDir)), SECRET_KEY: secretKey },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [complaint, exit] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.deepEqual(exit, [1, null]);
    assert.match(complaint, /^Sild cannot start\. The disk of DATA_DIR \([^)]+\) is full/m);
    assert.doesNotMatch(complaint, /backup|move/);
    const [error] = await Promise.allSettled([embeddedSecretKey(join(mountPoint, 'other'))]);
    assert.ok(
      error.status === 'rejected' && String(error.reason).includes('no space left'),
      'a key tells it too',
    );
  });

  it('keeps all rows until there is free space again', async () => {
    await rm(join(mountPoint, 'filler'));
    execFileSync('mount', ['-o', 'remount,size=300m', mountPoint]);
    store = await open();
    await lookForAll();
    await store.records.put('AccessToken', 'more', {}, {}, undefined);
    await store.close();
  });

  it('a database that became full under a statement has stopped, loses nothing, and goes on with free space', async () => {
    // Without its guard, as where another program fills the disk.
    const database = await openEmbedded(dataDir, { freeBytes: () => Promise.resolve(Infinity) });
    const { db } = database;
    await writeFile(join(mountPoint, 'filler'), Buffer.alloc((await freeBytesOf(mountPoint)) - 1_000_000));
    const write = (name: string) =>
      db
        .insertInto('kept_secret')
        .values({ name, sealed: 'x'.repeat(4_000), created_at: new Date() })
        .execute();
    const written: string[] = [];
    let failures = 0;
    for (let index = 0; failures < 3; index += 1) {
      await write(`secret ${index}`).then(
        () => written.push(`secret ${index}`),
        async (error: unknown) => {
          failures += 1;
          assert.ok((await database.explain(error)).message.includes('DATA_DIR'));
        },
      );
    }
    await rm(join(mountPoint, 'filler'));
    await write('with free space');
    const names = (await db.selectFrom('kept_secret').select('name').execute()).map(({ name }) => name);
    for (const name of written) assert.ok(names.includes(name), name);
    await database.close();
  });

  async function flood(): Promise<unknown> {
    for (let round = 0; ; round += 1) {
      const ids = Array.from({ length: 50 }, (_, index) => `token ${round} ${index}`);
      const results = await Promise.allSettled(
        ids.map(async (id) => {
          await store.records.put('AccessToken', id, { text: 'x'.repeat(8_000) }, {}, undefined);
          kept.add(id);
        }),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) return failed.reason;
    }
  }

  async function lookForAll(): Promise<void> {
    const stored = new Set((await store.records.list('AccessToken')).map(({ id }) => id));
    for (const id of kept) assert.ok(stored.has(id), id);
  }
});

function isDiskFull(error: unknown): true {
  assert.ok(error instanceof StoreError && isOutage(error), String(error));
  assert.equal(error.code, 'disk_full');
  return true;
}

function open(): Promise<Store> {
  return openStore({
    databaseUrl: undefined,
    dataDir,
    secrets: createSecrets(secretKey),
    now: Date.now,
    log: createLogger({ level: 'silent' }),
  });
}
