/** A PostgreSQL server with a standby that streams from it, and their fail-over. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.ts';
import { execute, INITDB_FLAGS, loadEmbeddedPostgres, POSTGRES_FLAGS } from './postgres.ts';

export interface PostgresPair {
  /** The primary; after the fail-over a server in recovery, which answers reads. */
  readonly first: string;
  /** The standby; after the fail-over the primary. */
  readonly second: string;
  /** Stops the primary, promotes the standby, and starts the former primary again as a standby. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 20_000;

export async function startPostgresPair(): Promise<PostgresPair> {
  const EmbeddedPostgres = await loadEmbeddedPostgres();
  const directory = await mkdtemp(join(tmpdir(), 'sild-postgres-pair-'));
  // The servers do not run as root.
  await chmod(directory, 0o711);
  const password = randomBytes(12).toString('hex');
  const lines: string[] = [];
  const create = (name: string, port: number) =>
    new EmbeddedPostgres({
      databaseDir: join(directory, name),
      port,
      password,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: INITDB_FLAGS,
      postgresFlags: POSTGRES_FLAGS,
      onLog: (line) => lines.push(line),
      onError: (error) => lines.push(String(error)),
    });
  const [port = 0, otherPort = 0] = await freePorts(2);
  const [one, other] = [create('one', port), create('other', otherPort)];
  const urlOf = (at: number) => `postgres://postgres:${password}@127.0.0.1:${at}/postgres`;
  const [first, second] = [urlOf(port), urlOf(otherPort)];

  try {
    await one.initialise();
    // The library has no pg_basebackup. Before its first start a server can be copied as it is.
    await promisify(execFile)('cp', ['-a', join(directory, 'one'), join(directory, 'other')]);
    const source = `host=127.0.0.1 port=${port} user=postgres password=${password}`;
    await appendFile(join(directory, 'other', 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    await makeStandby('other');
    await one.start();
    await startStandby(other, second);
    await until(first, "select 1 from pg_stat_replication where state = 'streaming'");
  } catch (cause) {
    throw new Error(`PostgreSQL does not start:\n${lines.join('')}`, { cause });
  }
  process.once('exit', () => {
    void one.stop();
    void other.stop();
  });

  return {
    first,
    second,
    async failOver() {
      // A primary sends everything to its standby before it stops.
      await one.stop();
      await execute(second, 'select pg_promote()');
      await makeStandby('one');
      await startStandby(one, first);
    },
    async stop() {
      await other.stop();
      await one.stop();
      await rm(directory, { recursive: true });
    },
  };

  /** The library waits for a server that accepts writes, so this asks the server. */
  async function startStandby(server: Pick<typeof one, 'start'>, url: string): Promise<void> {
    server.start().catch((error: unknown) => lines.push(String(error)));
    await until(url, 'select 1 where pg_is_in_recovery()');
  }

  function makeStandby(name: string): Promise<void> {
    return writeFile(join(directory, name, 'standby.signal'), '', { mode: 0o644 });
  }
}

/** Waits until a query has a row. */
async function until(url: string, query: string): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  // While a server starts, it refuses connections.
  while ((await execute(url, query).catch(() => [])).length === 0) {
    patience.throwIfAborted();
    await delay(20);
  }
}
