/**
 * What a login costs, beside oidc-provider by itself, on one PostgreSQL with default durability:
 *
 *   floor     oidc-provider in memory, with a login that asks nobody
 *   plain     the same with its records in PostgreSQL
 *   product   Sild: personal code, revocation required, registered client; Smart-ID is the simulator, in another process
 *
 * and the product, as it is operated, with two workers against one.
 *
 *   npm run bench -- --json FILE     also writes the figures
 *   npm run bench -- --smoke         a few logins, to see that it runs
 *
 * The three take turns in interleaved rounds, so that their ratios hold on a machine with other load; the table has the median
 * of the rounds, and the least and the greatest. Processor time is that of the server's process, without this driver.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { freePort } from '../test/support/servers/free-ports.ts';
import { startTestPostgres } from '../test/support/servers/postgres.ts';
import { logIn, logInMany, type Paths } from './login/drive.ts';
import { startFlags } from './login/start-flags.ts';
import type { Simulated } from './login/messages.ts';
import { ratiosOfWorkers } from './login/workers.ts';
import { type BenchProcess, parentOf, startProcess, treeCpuMs } from './login/processes.ts';

const { values } = parseArgs({
  options: { json: { type: 'string' }, smoke: { type: 'boolean', default: false } },
});
const run = values.smoke
  ? { rounds: 1, warmUp: 5, logins: 10, alone: 3 }
  : { rounds: 5, warmUp: 600, logins: 200, alone: 30 };
const AT_ONCE = 16;

const NAMES = ['floor', 'plain', 'product'] as const;
type Name = (typeof NAMES)[number];

interface Contender extends BenchProcess {
  readonly name: Name;
  readonly issuer: string;
  readonly paths: Paths;
  readonly usesDatabase: boolean;
}

/** A login in one round. */
interface Round {
  readonly per_second: number;
  readonly cpu_ms: number;
  readonly db_cpu_ms: number;
  readonly statements: number;
  readonly commits: number;
  readonly wal_kb: number;
  readonly p50_ms: number;
  readonly p50_1_ms: number;
}

const postgres = await startTestPostgres({ durable: true });
const dataDir = mkdtempSync(join(tmpdir(), 'sild-bench-'));
const observer = new pg.Client({ connectionString: postgres.url });
await observer.connect();
const server = parentOf(Number(await valueOf('select pg_backend_pid()')));
try {
  const { message } = await startProcess('simulator.ts', {});
  const simulated = message as Simulated;
  const contenders = await startContenders(simulated);
  const rounds = new Map<Name, Round[]>(NAMES.map((name) => [name, []]));
  for (const { issuer, paths } of contenders)
    await logInMany(() => logIn(issuer, paths), run.warmUp, AT_ONCE);
  for (let round = 0; round < run.rounds; round++) {
    for (const contender of contenders) rounds.get(contender.name)?.push(await measure(contender));
  }
  const product = contenders.find(({ name }) => name === 'product');
  const whole = { rss_mb: product?.residentMb() ?? NaN, start_ms: product?.startMs ?? NaN };
  for (const contender of contenders) contender.stop();
  report(rounds, whole, await ratiosOfWorkers(postgres.url, simulated, dataDir, { ...run, atOnce: AT_ONCE }));
} finally {
  await observer.end();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
}
process.exit();

async function startContenders(simulated: Simulated): Promise<readonly Contender[]> {
  const provider = { authorize: '/auth', token: '/token' };
  const database = { DATABASE_URL: postgres.url };
  const started = async (
    name: Name,
    module: string,
    paths: Paths,
    environment: Readonly<Record<string, string>>,
  ): Promise<Contender> => {
    const port = String(await freePort());
    const flags = name === 'product' ? startFlags() : [];
    const server = await startProcess(module, { PORT: port, ...environment }, flags);
    const usesDatabase = 'DATABASE_URL' in environment;
    return { ...server, name, paths, usesDatabase, issuer: `http://localhost:${port}` };
  };
  return [
    await started('floor', 'oidc-provider.ts', provider, {}),
    await started('plain', 'oidc-provider.ts', provider, database),
    await started(
      'product',
      'product.ts',
      { authorize: '/authorize', token: '/token' },
      { ...database, DATA_DIR: dataDir, SIMULATED: JSON.stringify(simulated) },
    ),
  ];
}

async function measure(contender: Contender): Promise<Round> {
  const { issuer, paths, usesDatabase } = contender;
  const login = () => logIn(issuer, paths);
  const alone = await logInMany(login, run.alone, 1);
  const before = await figuresOf(contender);
  const begun = performance.now();
  const times = await logInMany(login, run.logins, AT_ONCE);
  const seconds = (performance.now() - begun) / 1_000;
  const after = await figuresOf(contender);
  const each = (name: keyof typeof after) => (after[name] - before[name]) / run.logins;
  return {
    per_second: run.logins / seconds,
    cpu_ms: each('cpuMs'),
    db_cpu_ms: usesDatabase ? each('databaseCpuMs') : 0,
    statements: each('statements'),
    commits: each('commits'),
    wal_kb: usesDatabase ? each('walBytes') / 1_024 : 0,
    p50_ms: median(times),
    p50_1_ms: median(alone),
  };
}

async function figuresOf(contender: Contender) {
  return {
    cpuMs: contender.cpuMs(),
    databaseCpuMs: treeCpuMs(server),
    walBytes: Number(await valueOf("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn")),
    ...(await contender.statements()),
  };
}

function report(
  rounds: ReadonlyMap<Name, readonly Round[]>,
  whole: Readonly<Record<string, number>>,
  workers: readonly number[],
): void {
  const of = (name: Name) => rounds.get(name) ?? [];
  const middle = (name: Name, figure: keyof Round) => median(of(name).map((round) => round[figure]));
  const figures = Object.keys(of('product')[0] ?? {}) as (keyof Round)[];
  const cell = (text: string) => text.padStart(24);
  console.log(`\n${'a login'.padEnd(12)}${NAMES.map(cell).join('')}`);
  for (const figure of figures) {
    const cells = NAMES.map((name) => {
      const all = of(name).map((round) => round[figure]);
      const [least, most] = [Math.min(...all), Math.max(...all)].map((value) => value.toFixed(1));
      return cell(`${median(all).toFixed(1)} (${least}–${most})`);
    });
    console.log(`${figure.padEnd(12)}${cells.join('')}`);
  }
  const against = (name: Name) =>
    of('product').map((round, at) => round.per_second / (of(name)[at]?.per_second ?? NaN));
  const each = { ratio_plain: against('plain'), ratio_floor: against('floor'), ratio_workers: workers };
  const ratios = Object.fromEntries(
    Object.entries(each).map(([name, all]) => {
      const [middle, least, most] = [median(all), Math.min(...all), Math.max(...all)];
      console.log(`${name}: ${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`);
      return [name, middle];
    }),
  );
  for (const [name, value] of Object.entries(whole)) console.log(`${name}: ${value.toFixed(0)}`);
  if (values.json === undefined) return;
  const medians = Object.fromEntries(figures.map((figure) => [figure, middle('product', figure)]));
  writeFileSync(
    values.json,
    `${JSON.stringify({ ...medians, ...ratios, ...whole, rounds: Object.fromEntries(rounds) }, null, 2)}\n`,
  );
}

async function valueOf(statement: string): Promise<unknown> {
  const { rows } = await observer.query<Record<string, unknown>>(statement);
  return Object.values(rows[0] ?? {})[0];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
