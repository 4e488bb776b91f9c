/** Programs of other projects: whether they are installed, running them to their end, running them until a test is over. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A peer that cannot be had on this machine. Its message is the reason in the table. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

const SYSTEM_PATHS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/go/bin'];
const SEARCHED = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_PATHS];

/** @throws {Unavailable} if the program is not installed */
export function programNamed(name: string): string {
  const found = SEARCHED.map((directory) => join(directory, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Unavailable(`${name} is not installed`);
  return found;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end.
 *
 * @returns its standard output
 * @throws Error with the end of its output if it fails or takes longer than eight minutes
 */
export function run({ program, args, directory, environment = {} }: Command): Promise<string> {
  const options = {
    cwd: directory,
    env: { ...process.env, ...environment },
    timeout: 480_000,
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, output, errors) => {
      if (error === null) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')}\n${(output + errors).slice(-4_000)}`));
    });
  });
}

/** Runs a program that gets something from a registry. @throws {Unavailable} if that fails */
export async function fetchWith(command: Command): Promise<string> {
  try {
    return await run(command);
  } catch (error) {
    const lines = (error instanceof Error ? error.message : '').trim().split('\n');
    throw new Unavailable(`not reachable: ${command.program}: ${(lines.at(-1) ?? '').slice(0, 100)}`);
  }
}

export interface Running {
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts a server and waits until it answers.
 *
 * @param address answers with any status below 500 once the server is ready
 * @throws Error with its output if it ends before that, or is not ready within two minutes
 */
export async function startServer(command: Command, address: string): Promise<Running> {
  const child: ChildProcess = spawn(command.program, command.args, {
    cwd: command.directory,
    env: { ...process.env, ...command.environment },
    // A process group of its own: shell scripts and interpreters start others.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const state = { ended: false };
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      state.ended = true;
      resolve();
    };
    child.once('error', end);
    child.once('exit', end);
  });
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || state.ended) return;
    process.kill(-child.pid, signal);
  };
  const killWithTest = () => {
    kill('SIGKILL');
  };
  process.once('exit', killWithTest);
  const stop = async () => {
    kill('SIGTERM');
    const timer = setTimeout(killWithTest, 20_000);
    await exited;
    clearTimeout(timer);
    process.off('exit', killWithTest);
  };
  const limit = performance.now() + 120_000;
  while (!(await answers(address))) {
    if (state.ended) throw new Error(`${command.program} ended:\n${output.slice(-4_000)}`);
    if (performance.now() > limit) {
      await stop();
      throw new Error(`${command.program} does not answer at ${address}:\n${output.slice(-4_000)}`);
    }
    await delay(100);
  }
  return { output: () => output, stop };
}

async function answers(address: string): Promise<boolean> {
  try {
    const answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.status < 500;
  } catch {
    return false;
  }
}
