/**
 * What it costs logins that half a million expired rows are removed from two million, on a PostgreSQL of its own with default
 * durability. Logins arrive at a steady rate, first without and then beside the clean-up, which another instance does.
 *
 *   growth_p50_ratio, growth_p99_ratio   how much longer a login takes meanwhile
 *   longest_statement_ms                 of all statements meanwhile, as PostgreSQL measured them
 *
 *   npm run bench:growth -- --json FILE    also writes the figures
 *   npm run bench:growth -- --smoke        few rows and logins, to see that it runs
 *
 * Exits with 1 when a limit is exceeded, but for `--smoke`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createLogger } from '../src/log/logger.ts';
import { createSecrets } from '../src/secrets/secrets.ts';
import { openStore, type RemovedRows } from '../src/store/store.ts';
import { freePort } from '../test/support/servers/free-ports.ts';
import { startTestPostgres } from '../test/support/servers/postgres.ts';
import { fill } from './growth/fill.ts';
import { logIn, logInMany } from './login/drive.ts';
import { BENCH_SECRET_KEY } from './login/messages.ts';
import { startProcess } from './login/processes.ts';

const { values } = parseArgs({
  options: { json: { type: 'string' }, smoke: { type: 'boolean', default: false } },
});
const run = values.smoke
  ? { expired: 2_000, others: 6_000, warmUp: 10, perSecond: 10, aloneMs: 1_000 }
  : { expired: 500_000, others: 1_500_000, warmUp: 100, perSecond: 8, aloneMs: 60_000 };
const LIMITS = { growth_p99_ratio: 1.5, longest_statement_ms: 100 };
const SAMPLES = 40;

interface Phase {
  readonly times: readonly number[];
  readonly longest: { readonly ms: number; readonly statement: string };
}

const postgres = await startTestPostgres({
  durable: true,
  settings: ['shared_preload_libraries=pg_stat_statements'],
});
const observer = new pg.Client({ connectionString: postgres.url });
const dataDir = mkdtempSync(join(tmpdir(), 'sild-bench-'));
try {
  await observer.connect();
  await observer.query('create extension pg_stat_statements');
  const { message: simulated } = await startProcess('simulator.ts', {});
  const port = String(await freePort());
  const database = { DATABASE_URL: postgres.url, DATA_DIR: dataDir };
  await startProcess('product.ts', { ...database, PORT: port, SIMULATED: JSON.stringify(simulated) });
  const login = () => logIn(`http://localhost:${port}`, { authorize: '/authorize', token: '/token' });
  await logInMany(login, SAMPLES, 4);
  await setTimeout(1_000);
  await fill(observer, run);
  await logInMany(login, run.warmUp, 4);
  console.log(await sizes());

  const alone = await phase(login, () => setTimeout(run.aloneMs));
  const begun = performance.now();
  let removed = 0;
  const beside = await phase(login, async () => {
    removed = await cleanUp();
  });
  const seconds = (performance.now() - begun) / 1_000;
  const after = await phase(login, () => setTimeout(run.aloneMs / 2));
  report(alone, beside, after, { removed, seconds });
} finally {
  await observer.end();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
}
process.exit();

/** Logs people in, at a steady rate and whatever the answers take, until something is done. */
async function phase(login: () => Promise<void>, until: () => Promise<void>): Promise<Phase> {
  await observer.query('select pg_stat_statements_reset()');
  const times: number[] = [];
  const running = new Set<Promise<void>>();
  const phase = { isDone: false };
  const ended = until().finally(() => {
    phase.isDone = true;
  });
  const begun = performance.now();
  for (let count = 0; !phase.isDone; count++) {
    const due = begun + (count * 1_000) / run.perSecond;
    await setTimeout(Math.max(0, due - performance.now()));
    const one = login()
      .then(() => void times.push(performance.now() - due))
      .finally(() => running.delete(one));
    running.add(one);
  }
  await ended;
  await Promise.all(running);
  return { times, longest: await longestStatement() };
}

/** As an instance does that serves nobody meanwhile. */
async function cleanUp(): Promise<number> {
  const store = await openStore({
    databaseUrl: postgres.url,
    dataDir,
    secrets: createSecrets(BENCH_SECRET_KEY),
    now: Date.now,
    log: createLogger({ level: 'silent' }),
  });
  try {
    const removed: RemovedRows = await store.removeExpired({ auditDays: 365 });
    return Object.values<number>({ ...removed }).reduce((sum, rows) => sum + rows, 0);
  } finally {
    await store.close();
  }
}

async function longestStatement(): Promise<Phase['longest']> {
  const { rows } = await observer.query<{ ms: number; query: string }>(`
    select max_exec_time as ms, query from pg_stat_statements
    where query not like '%pg_stat_statements%' order by 1 desc limit 1`);
  return {
    ms: rows[0]?.ms ?? 0,
    statement: (rows[0]?.query ?? '').replace(/\s+/g, ' ').trim().slice(0, 200),
  };
}

async function sizes(): Promise<string> {
  const { rows } = await observer.query<{ text: string }>(`
    select relname || ' ' || reltuples || ' rows, ' || pg_size_pretty(pg_total_relation_size(oid)) as text
    from pg_class where relkind = 'r' and reltuples > 1000 and relnamespace = 'public'::regnamespace order by 1`);
  return rows.map(({ text }) => text).join('\n');
}

function report(
  alone: Phase,
  beside: Phase,
  after: Phase,
  { removed, seconds }: { readonly removed: number; readonly seconds: number },
): void {
  const without = [...alone.times, ...after.times];
  const figures = {
    growth_p50_ratio: percentile(beside.times, 50) / percentile(without, 50),
    growth_p99_ratio: percentile(beside.times, 99) / percentile(without, 99),
    longest_statement_ms: beside.longest.ms,
    longest_statement_alone_ms: Math.max(alone.longest.ms, after.longest.ms),
    p50_ms: percentile(without, 50),
    p99_ms: percentile(without, 99),
    clean_up_p50_ms: percentile(beside.times, 50),
    clean_up_p99_ms: percentile(beside.times, 99),
    clean_up_seconds: seconds,
    removed,
  };
  for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${value.toFixed(2)}`);
  console.log(`the longest statement: ${beside.longest.statement}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  const missed = Object.entries(LIMITS).filter(
    ([name, limit]) => figures[name as keyof typeof LIMITS] > limit,
  );
  if (missed.length === 0 || values.smoke) return;
  console.log(`MISSED: ${missed.map(([name, limit]) => `${name} ≤ ${limit}`).join(', ')}`);
  process.exitCode = 1;
}

function percentile(times: readonly number[], percent: number): number {
  return times.toSorted((one, other) => one - other)[Math.floor((times.length * percent) / 100)] ?? NaN;
}
