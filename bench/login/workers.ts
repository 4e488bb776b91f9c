/**
 * Logins a second of an instance with two workers against one with one, in interleaved rounds: `src/main.ts` as it is operated, with the
 * database and the client of the benchmark's product.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../test/support/servers/free-ports.ts';
import { logIn, logInMany } from './drive.ts';
import { BENCH_SECRET_KEY, type Simulated, UNLIMITED } from './messages.ts';
import { startFlags } from './start-flags.ts';

export interface WorkersRun {
  readonly rounds: number;
  readonly warmUp: number;
  readonly logins: number;
  readonly atOnce: number;
}

const READY_LIMIT_MS = 60_000;
const PATHS = { authorize: '/authorize', token: '/token' };

/** @returns the ratio of each round */
export async function ratiosOfWorkers(
  databaseUrl: string,
  simulated: Simulated,
  directory: string,
  { rounds, warmUp, logins, atOnce }: WorkersRun,
): Promise<readonly number[]> {
  const trust = trustOf(simulated, join(directory, 'trust'));
  const environment = { DATABASE_URL: databaseUrl, DATA_DIR: directory, ...trust };
  const one = await startInstance(1, environment);
  const two = await startInstance(2, environment);
  try {
    for (const { issuer } of [one, two]) await logInMany(() => logIn(issuer, PATHS), warmUp, atOnce);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = await measure(one.issuer);
      ratios.push((await measure(two.issuer)) / before);
    }
    return ratios;
  } finally {
    for (const { child } of [one, two]) child.kill('SIGTERM');
  }

  async function measure(issuer: string): Promise<number> {
    const begun = performance.now();
    await logInMany(() => logIn(issuer, PATHS), logins, atOnce);
    return (1_000 * logins) / (performance.now() - begun);
  }
}

async function startInstance(workers: number, environment: Readonly<Record<string, string>>) {
  const port = String(await freePort());
  const issuer = `http://localhost:${port}`;
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
  const child: ChildProcess = spawn(process.execPath, [...startFlags(), main], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ENV_FILE: '',
      ISSUER: issuer,
      HOST: 'localhost',
      PORT: port,
      METRICS_PORT: 'off',
      WORKERS: String(workers),
      SECRET_KEY: BENCH_SECRET_KEY,
      REVOCATION: 'required',
      SMARTID_ENVIRONMENT: 'demo',
      SMARTID_FLOWS: 'notification',
      ...UNLIMITED,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const limit = performance.now() + READY_LIMIT_MS;
  while (!(await isReady(issuer))) {
    if (child.exitCode !== null || performance.now() > limit)
      throw new Error(`an instance of ${workers} workers is not ready`);
    await delay(50);
  }
  return { issuer, child };
}

async function isReady(issuer: string): Promise<boolean> {
  try {
    return (await fetch(`${issuer}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

function trustOf({ baseUrl, trustAnchors }: Simulated, directory: string): Record<string, string> {
  mkdirSync(directory);
  const anchors = trustAnchors.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
  for (const [index, anchor] of anchors.entries())
    writeFileSync(join(directory, `${index}.pem`), anchor.toString());
  return {
    TRUST_DIR: directory,
    TRUST_EXTRA_SHA256: anchors.map(({ fingerprint256 }) => fingerprint256).join(','),
    SMARTID_BASE_URL: baseUrl,
  };
}
