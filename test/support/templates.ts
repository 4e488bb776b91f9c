/**
 * Templates that tests copy: a migrated database, and the data directory of a Sild that has started once. Each is created
 * once per version of its sources. Creating one takes seconds (the database, the keys), copying it a fraction of one. Only
 * tests about their creation start without a template.
 */
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freshEnvironment } from '../../e2e/support/environment.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/log/logger.ts';
import { openEmbedded } from '../../src/store/drivers/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

const root = join(import.meta.dirname, '..', '..');
const CACHE = join(root, 'node_modules', '.cache', 'sild-test');
const DATABASE_SOURCES = ['migrations', 'src/store', 'node_modules/@electric-sql/pglite/package.json'];
const DATA_SOURCES = [...DATABASE_SOURCES, 'src/secrets', 'src/oidc/keys', 'src/simulator'];

/** Copies a migrated, otherwise empty database into this data directory. */
export async function copyMigratedDatabase(dataDir: string): Promise<void> {
  await keepPgliteCompiled();
  const template = await templateOf('database', DATABASE_SOURCES, async (directory) => {
    const database = await openEmbedded(directory);
    await migrate(database, silent);
    await database.close();
  });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // The synchronous copy takes a fraction of the processor time of the asynchronous one.
  cpSync(join(template, 'db'), join(dataDir, 'db'), { recursive: true });
}

/** Creates the data directory of a Sild that has started with the simulator: database, keys, the simulator's CAs. */
export async function copyDataDirectory(dataDir: string): Promise<void> {
  await keepPgliteCompiled();
  const template = await templateOf('data', DATA_SOURCES, async (directory) => {
    // Imported here, since most tests do not need Sild.
    const { startSild } = await import('../../src/main.ts');
    const sild = await startSild(loadConfig(await freshEnvironment(directory)), silent, { drainQuietMs: 0 });
    await sild.stop();
  });
  cpSync(template, dataDir, { recursive: true, preserveTimestamps: true });
}

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Compiles PGlite and holds the result as long as this process runs. V8 shares the code of a module between all threads while
 * one of them holds it: a thread that opens a database then takes less than half of the processor time.
 */
function keepPgliteCompiled(): Promise<unknown> {
  compiled ??= readFile(new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'))).then((code) =>
    WebAssembly.compile(code),
  );
  return compiled;
}

const silent = createLogger({ level: 'silent' });

const made = new Map<string, Promise<string>>();

function templateOf(
  name: string,
  sources: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const template = made.get(name) ?? findOrMake(name, sources, make);
  made.set(name, template);
  return template;
}

async function findOrMake(
  name: string,
  sources: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const path = join(CACHE, `${name}-${await hashOf(sources)}`);
  if (await exists(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
  await make(unfinished);
  await rename(unfinished, path).catch(async (error: unknown) => {
    // Another test process was faster; use its template.
    if (!(await exists(path))) throw error;
    await rm(unfinished, { recursive: true });
  });
  return path;
}

async function hashOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesOf(join(root, source))) hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
