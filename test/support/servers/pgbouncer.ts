/** PgBouncer in transaction mode, otherwise with its own defaults, in front of a test's PostgreSQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installedProgram } from '../installed-program.ts';
import { freePort } from './free-ports.ts';

const START_MS = 10_000;

export interface PgBouncer {
  /** The server's URL through PgBouncer. */
  readonly url: string;
  stop(): Promise<void>;
}

export function installedPgBouncer(): string | undefined {
  return installedProgram('pgbouncer');
}

export async function startPgBouncer(serverUrl: string, settings = ''): Promise<PgBouncer> {
  const program = installedPgBouncer();
  if (program === undefined) throw new Error('PgBouncer is not installed: apt-get install pgbouncer');
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const directory = await mkdtemp(join(tmpdir(), 'sild-pgbouncer-'));
  await chmod(directory, 0o755);
  const port = await freePort();
  const configuration = join(directory, 'pgbouncer.ini');
  const users = join(directory, 'users.txt');
  await writeFile(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  await writeFile(
    configuration,
    `[databases]
* = host=${hostname} port=${serverPort || '5432'}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
${settings}
`,
  );
  // PgBouncer refuses to run as root; started by root, it becomes another user.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const lines: string[] = [];
  const bouncer = spawn(program, [...user, configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  bouncer.stderr.setEncoding('utf8').on('data', (line: string) => lines.push(line));
  const exited = once(bouncer, 'exit');
  const stopAtExit = () => bouncer.kill();
  process.once('exit', stopAtExit);
  try {
    await Promise.race([
      untilItListens(port),
      exited.then(() => {
        throw new Error('PgBouncer has exited');
      }),
    ]);
  } catch (cause) {
    bouncer.kill();
    throw new Error(`PgBouncer does not start:\n${lines.join('')}`, { cause });
  }
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    async stop() {
      process.removeListener('exit', stopAtExit);
      // SIGTERM ends it at once, SIGINT would wait for clients.
      bouncer.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

async function untilItListens(port: number): Promise<void> {
  const patience = AbortSignal.timeout(START_MS);
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await sleep(20, undefined, { signal: patience });
    } finally {
      socket.destroy();
    }
  }
}
