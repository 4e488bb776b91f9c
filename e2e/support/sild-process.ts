import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.ts';

/** Sild in its own process, started directly or by `npm start`. */
export interface SildProcess {
  readonly pid: number;
  /** Its standard output and standard error so far. */
  output(): string;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  hasExited(): boolean;
  signal(signal: NodeJS.Signals): void;
}

export interface SildProcessOptions {
  /** Variables of the process. Of the test's own environment, it gets only those that programs need to run. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile?: string;
  /** Whether `npm start` starts it, so that signals go to npm. Default: false. */
  readonly throughNpm?: boolean;
  /** Whether `short-lived.ts` is its entry, in place of the product’s own. Default: false. */
  readonly isShortLived?: boolean;
  /** Flags for Node, where `npm start` does not start it. Default: none. */
  readonly nodeFlags?: readonly string[];
}

export function runSild({
  environment,
  logFile,
  throughNpm = false,
  isShortLived = false,
  nodeFlags = [],
}: SildProcessOptions): SildProcess {
  const { PATH = '', HOME = '/', TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const [program, args] = throughNpm
    ? ['npm', ['start']]
    : [
        process.execPath,
        [
          ...nodeFlags,
          isShortLived ? join(root, 'e2e', 'support', 'short-lived.ts') : join(root, 'src', 'main.ts'),
        ],
      ];
  const child: ChildProcess = spawn(program, args, {
    cwd: root,
    // A process group, so that npm's child processes can be killed with it.
    detached: throughNpm,
    env: {
      PATH,
      HOME,
      // A developer's .env must not change what is tested.
      ENV_FILE: '',
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
    // 'close' is emitted after all output has been read; 'exit' may be earlier.
    child.once('close', (code, signal) => {
      ended = true;
      file?.end();
      resolve(code ?? signal ?? -1);
    });
  });
  // If the test process exits early, the product must not keep running.
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
