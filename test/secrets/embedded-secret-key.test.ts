import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { embeddedSecretKey } from '../../src/secrets/embedded-secret-key.ts';

describe('embeddedSecretKey', () => {
  let parent: string;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'sild-test-'));
  });
  after(() => rm(parent, { recursive: true }));

  it('creates a key of 48 random bytes that only the owner can read, and returns it on the next start', async () => {
    const dataDir = join(parent, 'new', 'data');
    const keys = await embeddedSecretKey(dataDir);
    assert.deepEqual(
      keys.map((key) => Buffer.from(key, 'base64url').length),
      [48],
    );
    assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
    assert.equal((await stat(join(dataDir, 'secret-key'))).mode & 0o777, 0o600);
    assert.deepEqual(await embeddedSecretKey(dataDir), keys);
    assert.notDeepEqual(await embeddedSecretKey(join(parent, 'other')), keys);
  });

  it('returns the same key to 50 concurrent callers', async () => {
    const dataDir = join(parent, 'race');
    const keys = await Promise.all(Array.from({ length: 50 }, () => embeddedSecretKey(dataDir)));
    assert.equal(new Set(keys.map(([key]) => key)).size, 1);
    assert.deepEqual(await readdir(dataDir), ['secret-key']);
  });

  it('reads a key by openssl on the line above the existing one', async () => {
    const dataDir = join(parent, 'rotated');
    const [old] = await embeddedSecretKey(dataDir);
    const added = randomBytes(48).toString('base64');
    await writeFile(join(dataDir, 'secret-key'), `${added}\n${old}\n`);
    assert.deepEqual(await embeddedSecretKey(dataDir), [added, old]);
  });

  it('creates no key if a database exists', async () => {
    const dataDir = join(parent, 'lost');
    await embeddedSecretKey(dataDir);
    await mkdir(join(dataDir, 'db'));
    await rm(join(dataDir, 'secret-key'));
    await assert.rejects(embeddedSecretKey(dataDir), {
      code: 'secret_key_lost',
      message: /: set the SECRET_KEY with which .*, or bring back the file secret-key\.$/,
    });
    assert.deepEqual(await readdir(dataDir), ['db']);
  });

  it('refuses a truncated key, in any line', async () => {
    const dataDir = join(parent, 'short');
    const [key] = await embeddedSecretKey(dataDir);
    for (const text of ['', 'a'.repeat(64), 'short\n', `short\n${key}\n`, `${key}\n${key.slice(0, 50)}`]) {
      await writeFile(join(dataDir, 'secret-key'), text);
      await assert.rejects(embeddedSecretKey(dataDir), { name: 'SecretKeyError', code: 'secret_key_broken' });
    }
  });

  it('reports a data directory that cannot be created in one sentence', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    for (const dataDir of [file, join(file, 'below'), '/sys/sild-data']) {
      await assert.rejects(embeddedSecretKey(dataDir), {
        name: 'SecretKeyError',
        code: 'data_dir_unwritable',
        message: /^DATA_DIR \([^\n]+\.$/,
      });
    }
  });
});
