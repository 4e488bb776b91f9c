/**
 * An embedded database that is migrated and otherwise empty. It is made once and copied by every test that does not test
 * how a database is made: making one takes seconds of computation, a copy a fraction of one.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/log/logger.ts';
import { embeddedSecretKey } from '../../src/secrets/embedded-secret-key.ts';
import { openEmbedded } from '../../src/store/drivers/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

const root = join(import.meta.dirname, '..', '..');
const CACHE = join(root, 'node_modules', '.cache', 'sild-test-database');
/** What the content of the template follows from. */
const SOURCES = ['migrations', 'src/store/migrate.ts', 'node_modules/@electric-sql/pglite/package.json'];

let template: Promise<string> | undefined;

/** Puts a migrated database, and a secret key for it, where a Sild with this data directory looks for them. */
export async function copyMigratedDatabase(dataDir: string): Promise<void> {
  template ??= findOrMakeTemplate();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Before the database: a key is never made for a database that exists.
  await embeddedSecretKey(dataDir);
  await cp(await template, join(dataDir, 'db'), { recursive: true });
}

async function findOrMakeTemplate(): Promise<string> {
  const path = join(CACHE, await hashOfSources());
  if (await exists(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
  const database = await openEmbedded(unfinished);
  await migrate(database, createLogger({ level: 'silent' }));
  await database.close();
  // Where another test process has been faster, its template serves as well.
  await rename(join(unfinished, 'db'), path).catch(async (error: unknown) => {
    if (!(await exists(path))) throw error;
  });
  await rm(unfinished, { recursive: true });
  return path;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesOf(join(root, source))) hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  return (await readdir(path)).sort().map((name) => join(path, name));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
