/** The processes of the benchmark, and the processor time that they have used. Linux only: it is read from /proc. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FromServer, Statements } from './messages.ts';

/** Milliseconds of a unit of /proc; 100 a second on every Linux that Node.js supports. */
const TICK_MS = 10;

export interface BenchProcess {
  readonly pid: number;
  /** Its first message. */
  readonly message: FromServer;
  /** Milliseconds from its start until its first message. */
  readonly startMs: number;
  /** Processor time since its start, in milliseconds. */
  cpuMs(): number;
  /** Resident memory, in MB. */
  residentMb(): number;
  statements(): Promise<Statements>;
  stop(): void;
}

/**
 * Starts a module of this directory, and waits for its first message.
 *
 * @param flags for V8. Default: none
 */
export async function startProcess(
  module: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<BenchProcess> {
  const begun = performance.now();
  const child = fork(join(import.meta.dirname, module), {
    execArgv: [...flags],
    // Only what programs need to run: the environment of whoever measures must not change what is measured.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  const message = await firstMessage(child);
  const pid = child.pid ?? 0;
  return {
    pid,
    message,
    startMs: performance.now() - begun,
    cpuMs: () => cpuMsOf(pid),
    residentMb: () =>
      Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    async statements() {
      child.send('report');
      const [report] = (await once(child, 'message')) as [Statements];
      return report;
    },
    stop,
  };
}

async function firstMessage(child: ChildProcess): Promise<FromServer> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('a server of the benchmark has ended');
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [FromServer];
  return message;
}

/** Processor time of a process and of all that it has started, those that have ended included. */
export function treeCpuMs(root: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(statOf(Number(name))[1]) }));
  const treeOf = (pid: number): number =>
    cpuMsOf(pid, true) +
    processes.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + treeOf(child.pid), 0);
  return treeOf(root);
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

function cpuMsOf(pid: number, withEndedChildren = false): number {
  const [user, system, childrenUser, childrenSystem] = statOf(pid).slice(11, 15).map(Number);
  const own = (user ?? 0) + (system ?? 0);
  return (withEndedChildren ? own + (childrenUser ?? 0) + (childrenSystem ?? 0) : own) * TICK_MS;
}

/** The fields of /proc/PID/stat from `state` on; the name before may have spaces. Empty for a process that has ended. */
function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
