/**
 * What every test process needs before its first import, and the processes that it starts inherit: the compile cache, and
 * temporary files in memory. Use it with `node --import`.
 *
 * Tests copy databases of a thousand files. On a disk that takes most of the processor time of a test, in memory next to none.
 */
import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node');
enableCompileCache(cache);
process.env.NODE_COMPILE_CACHE = cache;

/** Of Linux. Containers often have one of 64 MB, or one from which nothing can be executed. */
const MEMORY = '/dev/shm';
const NEEDED_BYTES = 2 * 1024 ** 3;

if (process.env.TMPDIR === undefined && isUsable()) {
  const directory = mkdtempSync(join(MEMORY, 'sild-tests-'));
  // PostgreSQL runs as another user when root runs the tests.
  chmodSync(directory, 0o711);
  process.env.TMPDIR = directory;
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
}

function isUsable(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .findLast((line) => line.split(' ')[1] === MEMORY);
    return mount !== undefined && !mount.includes('noexec') && bavail * bsize >= NEEDED_BYTES;
  } catch {
    return false;
  }
}
