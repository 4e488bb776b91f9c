/**
 * The complete product in its own process: bridge, simulated Smart-ID and sample app on free ports, with a data
 * directory that is deleted afterwards.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copyDataDirectory } from '../../test/support/templates.ts';
import { freshEnvironment } from './environment.ts';
import { runSild, type SildProcess, type SildProcessOptions } from './sild-process.ts';

export interface Stack {
  readonly issuer: string;
  /** Base URL of the virtual phone. */
  readonly phoneUrl: string;
  readonly sampleAppUrl: string;
  readonly redirectUri: string;
  readonly metricsUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly process: SildProcess;
  /** The processor time that the process took until it was ready, in milliseconds; 0 where there is no /proc. */
  readonly startCpuMs: number;
  /** Sends SIGTERM, and SIGKILL after 30 seconds. Returns the exit code, or the signal that ended the process. */
  stop(): Promise<number | NodeJS.Signals>;
}

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/**
 * Starts the product and waits until it is ready.
 *
 * @param variables environment variables that override those of the stack. With `DATA_DIR` the directory is kept, and
 *   Sild creates its database there.
 * @throws Error if the process exits or is not ready within 60 seconds
 */
export async function startStack(
  variables: Readonly<Record<string, string>> = {},
  { isShortLived = true }: Pick<SildProcessOptions, 'isShortLived'> = {},
): Promise<Stack> {
  const directory = await mkdtemp(join(tmpdir(), 'sild-e2e-'));
  const dataDirectory = join(directory, 'data');
  const environment = { ...(await freshEnvironment(dataDirectory)), ...variables };
  if (environment.DATA_DIR === dataDirectory && !('DATABASE_URL' in variables)) {
    await copyDataDirectory(dataDirectory);
  }
  const sild = runSild({ environment, logFile: join(directory, 'sild.log'), isShortLived });
  const issuer = environment.ISSUER;
  try {
    await untilReady(issuer, sild);
  } catch (error) {
    sild.signal('SIGKILL');
    throw error;
  }
  return {
    issuer,
    phoneUrl: `http://localhost:${environment.SIMULATOR_PORT}/`,
    sampleAppUrl: `http://localhost:${environment.SAMPLE_APP_PORT}/`,
    metricsUrl: `http://localhost:${environment.METRICS_PORT}/metrics`,
    redirectUri: `http://localhost:${environment.SAMPLE_APP_PORT}/callback`,
    environment,
    process: sild,
    startCpuMs: cpuMsOf(sild.pid),
    async stop() {
      sild.signal('SIGTERM');
      const kill = setTimeout(() => {
        sild.signal('SIGKILL');
      }, STOP_LIMIT_MS);
      const code = await sild.exited;
      clearTimeout(kill);
      await rm(directory, { recursive: true, force: true });
      return code;
    },
  };
}

/** Of Linux, in units of ten milliseconds: user and system time of all threads. (proc_pid_stat(5)) */
function cpuMsOf(pid: number): number {
  if (!existsSync('/proc/self/stat')) return 0;
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** @throws Error if the process exits or is not ready within 60 seconds */
export async function untilReady(
  issuer: string,
  sild: Pick<SildProcess, 'hasExited' | 'output'>,
): Promise<void> {
  const limit = performance.now() + READY_LIMIT_MS;
  while (!(await isReady(issuer))) {
    if (sild.hasExited()) throw new Error(`Sild exited before it was ready:\n${sild.output()}`);
    if (performance.now() > limit) throw new Error(`Sild is not ready:\n${sild.output()}`);
    await delay(25);
  }
}

async function isReady(issuer: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${issuer}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return status === 200;
  } catch {
    return false;
  }
}
