/** A PostgreSQL server of Debian, beside whose programs is a pg_dump of the same version: the server of the other tests has none. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-ports.ts';
import { execute } from './postgres.ts';

const INSTALLED = '/usr/lib/postgresql';

/** The directory of the programs, of the newest version with a server and pg_dump; undefined without one. */
export function debianPostgresPrograms(): string | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  return readdirSync(INSTALLED)
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(INSTALLED, version, 'bin'))
    .find((programs) =>
      ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(programs, name))),
    );
}

export interface DebianPostgres {
  /** The URL of a database, which is created. */
  create(database: string): Promise<string>;
  /** Runs one of the programs. @throws with what it printed, where it fails */
  run(program: string, ...args: readonly string[]): void;
  stop(): Promise<void>;
}

export async function startDebianPostgres(programs: string): Promise<DebianPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'sild-debian-postgres-'));
  // PostgreSQL refuses to run as root. Debian has this user since it has the server.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;
  if (user) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const run = (program: string, args: readonly string[], as = {}) => {
    const { status, stdout, stderr } = spawnSync(join(programs, program), args, {
      encoding: 'utf8',
      cwd: '/',
      ...as,
    });
    if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
  };
  run('initdb', ['-D', data, '-U', 'sild', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'], user);
  const port = await freePort();
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-F'],
    { stdio: 'ignore', cwd: '/', ...user },
  );
  const url = (database: string) => `postgres://sild@127.0.0.1:${port}/${database}`;
  const until = performance.now() + 20_000;
  for (;;) {
    try {
      await execute(url('postgres'), 'select 1');
      break;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(50);
    }
  }
  return {
    async create(database) {
      await execute(url('postgres'), `create database ${database}`);
      return url(database);
    },
    run(program, ...args) {
      run(program, args);
    },
    async stop() {
      server.kill('SIGQUIT');
      await once(server, 'exit');
      rmSync(directory, { recursive: true });
    },
  };
}

function idOf(which: '-u' | '-g'): number {
  return Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout);
}
