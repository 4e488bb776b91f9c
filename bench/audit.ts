/**
 * Measures the cost of the audit:
 *
 *   record    CPU time per event in a request: log line, pseudonyms, queue
 *   login     duration of a login's six database writes, alone and while the audit writes events
 *   verify    events per second of `sild audit verify`
 *
 * Uses the embedded database, or the PostgreSQL of DATABASE_URL. Exits with 1 when a limit is exceeded.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAudit } from '../src/audit/audit.ts';
import { verifyChain } from '../src/audit/verify.ts';
import { createLogger } from '../src/log/logger.ts';
import { createSecrets } from '../src/secrets/secrets.ts';
import { openStore, type Store } from '../src/store/store.ts';

/** Limit of CPU time per event, in microseconds. */
const RECORD_LIMIT_US = 100;
/** How much longer a login's writes may take while the audit writes, by the median. */
const LOGIN_LIMIT = 2;
const LOGINS = 200;
const TURNS = 6;
const EVENTS_OF_A_LOGIN = 6;
/** Events recorded at once: fewer than the capacity of the queue. */
const RECORDED = 5_000;

const dataDir = await mkdtemp(join(tmpdir(), 'sild-bench-'));
const secrets = createSecrets(randomBytes(48).toString('base64url'));
const log = createLogger({ level: 'info', destination: { write: () => undefined } });
const store = await openStore({
  databaseUrl: process.env.DATABASE_URL,
  dataDir,
  secrets,
  now: Date.now,
  log,
});
try {
  const audit = createAudit({
    store: store.audit,
    log,
    pseudonym: (value) => secrets.pseudonym(value),
    instance: randomUUID(),
    now: Date.now,
  });
  const record = () => {
    for (let event = 0; event < EVENTS_OF_A_LOGIN; event++) audit.record(anEvent());
  };
  const times = { alone: [] as number[], beside: [] as number[] };
  // Alternate, so that other load on the machine affects both; the first round is a warm-up.
  for (let turn = 0; turn < TURNS; turn++) {
    const alone = await loginsOf(store, () => undefined);
    const beside = await loginsOf(store, record);
    await audit.close(60_000);
    if (turn === 0) continue;
    times.alone.push(...alone);
    times.beside.push(...beside);
  }
  const idle = process.cpuUsage();
  for (let event = 0; event < RECORDED; event++) audit.record(anEvent());
  const recorded = process.cpuUsage(idle);
  await audit.close(60_000);
  const begun = performance.now();
  const found = await store.audit.view((view) => verifyChain(view));
  if (found.kind !== 'whole') throw new Error('the chain is broken');
  const rows = [
    row('an event, CPU', (recorded.user + recorded.system) / RECORDED, 'µs', RECORD_LIMIT_US),
    row('the writes of a login, alone, median', percentile(times.alone, 50), 'ms'),
    row('the writes of a login, alone, 99th of 100', percentile(times.alone, 99), 'ms'),
    row(
      'the writes of a login, beside the audit, median',
      percentile(times.beside, 50),
      'ms',
      percentile(times.alone, 50) * LOGIN_LIMIT,
    ),
    row('the writes of a login, beside the audit, 99th of 100', percentile(times.beside, 99), 'ms'),
    row('verified in a second', found.events / ((performance.now() - begun) / 1000), 'events'),
  ];
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.version}\n`);
  for (const { text } of rows) console.log(text);
  if (rows.some(({ missed }) => missed)) process.exitCode = 1;
} finally {
  await store.close();
  await rm(dataDir, { recursive: true });
}

/** Runs logins one after the other, each with the writes of a real one; returns their durations in milliseconds. */
async function loginsOf({ records }: Store, onLogin: () => void): Promise<number[]> {
  const times = [];
  for (let login = 0; login < LOGINS; login++) {
    const begun = performance.now();
    onLogin();
    for (let write = 0; write < 6; write++) {
      await records.put('AccessToken', randomUUID(), { login }, {}, Math.floor(Date.now() / 1000) + 60);
    }
    times.push(performance.now() - begun);
  }
  return times;
}

/** A percentile of the durations. */
function percentile(times: readonly number[], percent: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length * percent) / 100)] ?? 0;
}

function anEvent() {
  return {
    event: 'login_begun',
    attempt: randomUUID(),
    client: 'client',
    flow: 'notification',
    person: 'PNOEE-40504040001',
    address: '192.0.2.7',
  } as const;
}

function row(what: string, value: number, unit: string, limit?: number) {
  const missed = limit !== undefined && value > limit;
  const bound = limit === undefined ? '' : `   (limit ${limit.toFixed(2)})${missed ? '   MISSED' : ''}`;
  return { text: `${what.padEnd(56)}${value.toFixed(2).padStart(12)} ${unit}${bound}`, missed };
}
