import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.ts';

/** What `npm start` runs, or npm with it, as a process of its own. */
export interface SildProcess {
  readonly pid: number;
  /** All that it has written, standard output and error. */
  output(): string;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  hasExited(): boolean;
  signal(signal: NodeJS.Signals): void;
}

export interface SildProcessOptions {
  /** Nothing of the test's own environment reaches it except what programs need to run. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile?: string;
  /** As a person or a container starts it: signals go to npm. */
  readonly throughNpm?: boolean;
  /** Ends a moment after the signal, and not after the time that a shipped Sild drains. */
  readonly drainsBriefly?: boolean;
}

export function runSild({
  environment,
  logFile,
  throughNpm = false,
  drainsBriefly = false,
}: SildProcessOptions): SildProcess {
  const { PATH = '', HOME = '/', TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const [program, args] = throughNpm
    ? ['npm', ['start']]
    : [
        process.execPath,
        [drainsBriefly ? join(root, 'e2e', 'support', 'brief-drain.ts') : join(root, 'src', 'main.ts')],
      ];
  const child: ChildProcess = spawn(program, args, {
    cwd: root,
    // What npm leaves behind can be ended with it.
    detached: throughNpm,
    env: {
      PATH,
      HOME,
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = logFile === undefined ? undefined : createWriteStream(logFile);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      file?.write(text);
    });
  }
  let ended = false;
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    // 'close' comes after the last output has been read, 'exit' may come before.
    child.once('close', (code, signal) => {
      ended = true;
      file?.end();
      resolve(code ?? signal ?? -1);
    });
  });
  // A test that dies must not leave the product running.
  const killWithTest = () => {
    if (throughNpm && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  };
  process.once('exit', killWithTest);
  void exited.finally(() => process.off('exit', killWithTest));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    hasExited: () => ended,
    signal: (signal) => void child.kill(signal),
  };
}
