/**
 * How long the operator's page takes with a million events of a week in the audit, on PostgreSQL: `node bench/operator-page.ts`.
 * The events are generated in the database, so the chain of hashes is not valid; the page does not verify it.
 */
import { createLogger } from '../src/log/logger.ts';
import { overviewOf } from '../src/ops/overview.ts';
import { createSecrets } from '../src/secrets/secrets.ts';
import { isOutage } from '../src/store/errors.ts';
import { openStore } from '../src/store/store.ts';
import { execute, startTestPostgres } from '../test/support/servers/postgres.ts';

const EVENTS = 1_000_000;
const RUNS = 9;

const server = await startTestPostgres();
const secrets = createSecrets('a secret key of a benchmark, long enough for it');
const log = createLogger({ level: 'silent' });
const now = () => Date.now();
const store = await openStore({ databaseUrl: server.url, dataDir: '/nowhere', secrets, now, log });
try {
  const begin = performance.now();
  await execute(
    server.url,
    `insert into audit_event (position, at, instance, number, key_id, event, data, hash)
      select n, now() - interval '7 days' + n * interval '7 days' / ${EVENTS}, 'i', n, 'k',
        (array['login_begun', 'login_waiting', 'login_authenticated', 'login_finished', 'login_failed'])[1 + n % 5],
        jsonb_build_object('client', 'client-' || n % 50, 'flow', (array['qr', 'web2app', 'notification'])[1 + n % 3],
          'milliseconds', n * 7 % 90000, 'legMilliseconds', n * 3 % 40000, 'reference', 'R' || n / 5)
          || case when n % 5 = 4 then jsonb_build_object('code', 'code_' || n % 11) else '{}' end, 'hash'
      from generate_series(1, ${EVENTS}) as n`,
  );
  console.log(`${EVENTS} events written and counted: ${Math.round(performance.now() - begin)} ms`);
  await execute(server.url, 'analyze');
  const options = {
    token: '',
    origins: [],
    issuer: 'https://login.example.ee',
    secrets,
    figures: store.figures,
    instances: store.instances,
    clients: () => Promise.resolve([]),
    expiries: () => Promise.resolve([]),
    pins: [],
    auditDays: 365,
    isOutage,
    log,
    now,
  };
  for (const hours of [24, 168] as const) {
    await report(`overview of ${hours} hours`, () => overviewOf(options, hours));
  }
  const at = now() - 3 * 86_400_000;
  await report('story of a reference', () => store.figures.referred('R1', at, at + 7_200_000));
  await report('rebuild', () => store.figures.rebuild(), 1);
} finally {
  await store.close();
  await server.stop();
}

async function report(name: string, act: () => Promise<unknown>, runs = RUNS): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    await act();
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const [median = 0, longest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
  console.log(`${name}: ${median.toFixed(0)} ms (median), ${longest.toFixed(0)} ms (longest of ${runs})`);
}
