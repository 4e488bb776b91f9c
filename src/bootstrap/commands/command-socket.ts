/**
 * Commands for a running instance with the embedded database, which only that process can open.
 *
 *   npx sild client list ─ DATA_DIR/sild.sock ─▶ the instance parses and runs the same words ─▶ lines and an exit status
 *
 * Lines of JSON in both directions, one command a connection. Only the owner of the process may open the socket, who can read
 * the database and its SECRET_KEY in the same directory anyway.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { storeCommand } from '../../commands/store-command.ts';
import { systemReason } from '../../system-reason.ts';
import { type CommandFoundation, type CommandOutput, runCommand } from './run-command.ts';
import type { OnStop } from '../foundation.ts';
import { reasonOfCommand } from '../start-error.ts';

const callSchema = z.object({
  words: z.array(z.string()),
  /** The working directory of the caller. */
  directory: z.string(),
  environment: z.record(z.string(), z.string().optional()),
});

interface Call {
  readonly words: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const replySchema = z.union([
  z.object({ print: z.string() }),
  z.object({ complain: z.string() }),
  z.object({ status: z.int() }),
]);

type Reply = z.infer<typeof replySchema>;

const socketPath = (dataDir: string) => join(dataDir, 'sild.sock');

/** Takes commands until the instance stops. Where the socket cannot be made, that is logged, and commands say what to do. */
export async function serveCommands(
  dataDir: string,
  foundation: CommandFoundation,
  onStop: OnStop,
): Promise<void> {
  const path = socketPath(dataDir);
  const running = new Set<Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const command = answer(socket, foundation).finally(() => running.delete(command));
    running.add(command);
  });
  try {
    // Of an instance that was killed: this one holds the lock of the directory.
    rmSync(path, { force: true });
    await listenPrivately(server, path);
  } catch (error) {
    foundation.log.warn(
      { event: 'commands_not_served', reason: systemReason(error) },
      'commands cannot reach this instance: they need Sild to be stopped',
    );
    return;
  }
  onStop(async () => {
    server.close();
    await Promise.all(running);
  });
}

async function listenPrivately(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject).once('listening', () => {
    resolve(undefined);
  });
  // The socket is made during the call of `listen`, so it is private from its beginning.
  const umask = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(umask);
  }
  await promise;
  chmodSync(path, 0o600);
}

async function answer(socket: Socket, foundation: CommandFoundation): Promise<void> {
  // A caller that has gone does not end its command.
  socket.on('error', () => undefined);
  const reply = (message: Reply) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  const output: CommandOutput = {
    // Does not wait for a slow reader: a command may hold the only connection to the database.
    print(line) {
      reply({ print: line });
      return Promise.resolve();
    },
    printLast: (line) => {
      reply({ print: line });
    },
    complain: (line) => {
      reply({ complain: line });
    },
  };
  try {
    const { words, directory, environment } = await readCall(socket);
    const command = await storeCommand(words, directory);
    reply({ status: await runCommand(command, foundation, environment, output) });
  } catch (error) {
    reply({ complain: reasonOfCommand(error).trimEnd() });
    reply({ status: 1 });
  }
  socket.end();
}

async function readCall(socket: Socket): Promise<Call> {
  for await (const line of createInterface({ input: socket })) return callSchema.parse(JSON.parse(line));
  throw new Error('the caller sent no command');
}

/**
 * Has a running instance run a command.
 *
 * @returns the exit status; undefined when no instance answers
 */
export async function askRunningInstance(
  dataDir: string,
  call: Call,
  output: CommandOutput,
): Promise<number | undefined> {
  const socket = connect(socketPath(dataDir));
  try {
    socket.write(`${JSON.stringify(call)}\n`);
    for await (const line of createInterface({ input: socket })) {
      const reply = replySchema.parse(JSON.parse(line));
      if ('status' in reply) return reply.status;
      if ('print' in reply) await output.print(reply.print);
      else output.complain(reply.complain);
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    // Any other comes later, when the instance may have begun the command.
    if (error.syscall === 'connect') return undefined;
  } finally {
    socket.destroy();
  }
  output.complain('Sild ended before the command did: run it again, and see what it did.');
  return 1;
}
