/**
 * Whether Sild can run for long: mixed logins at a steady rate against a whole Sild with PostgreSQL and the simulator, each in a
 * process of its own, and what it holds meanwhile. Linux only.
 *
 *   npm run soak -- --minutes 30           default: 30
 *   npm run soak -- --per-second 10        journeys begun in a second; default: 4
 *   npm run soak -- --json FILE            also writes the samples
 *
 * Keys are rotated in the middle. Exits with 1 when a journey does not end as it must, when Sild has not ended well, or when a
 * figure rises from the third quarter to the last by more than it may (`soak/figures.ts`).
 */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { Agent, setGlobalDispatcher } from 'undici';
import { freshEnvironment } from '../e2e/support/environment.ts';
import { root } from '../e2e/support/project.ts';
import { runSild } from '../e2e/support/sild-process.ts';
import { untilReady } from '../e2e/support/stack.ts';
import { selfSigned } from '../test/support/certificates/self-signed.ts';
import { startTestPostgres } from '../test/support/servers/postgres.ts';
import { BENCH_SECRET_KEY, CLIENT, type Simulated } from './login/messages.ts';
import { startProcess } from './login/processes.ts';
import { startFlags } from './login/start-flags.ts';
import { type Figure, rowsByTable, type Sample, sample, TOLERANCES } from './soak/figures.ts';
import { flatnessOf } from './soak/flatness.ts';
import { JOURNEYS } from './soak/journeys.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'per-second': { type: 'string', default: '4' },
    json: { type: 'string' },
  },
});
const run = { ms: Number(values.minutes) * 60_000, everyMs: 1_000 / Number(values['per-second']) };
if (!(run.ms > 0 && Number.isFinite(run.everyMs) && run.everyMs > 0))
  throw new Error('--minutes and --per-second must be numbers above 0');
/** As many samples, so that a quarter of them has a median that one burst does not move. */
const SAMPLES = 60;
/** What journeys that wait for a time limit of Smart-ID need at the end. */
const LAST_MS = 60_000;

const directory = await mkdtemp(join(tmpdir(), 'sild-soak-'));
const postgres = await startTestPostgres();
const observer = new pg.Client({ connectionString: postgres.url });
try {
  await observer.connect();
  const { message } = await startProcess('simulator.ts', {});
  const simulated = message as Simulated;
  const environment = await environmentOf(simulated);
  const collects = new URL('soak/collect-garbage.ts', import.meta.url).href;
  const sild = runSild({ environment, nodeFlags: [...startFlags(), `--import=${collects}`] });
  await untilReady(environment.ISSUER, sild);
  const look = () => sample(sild.pid, Number(new URL(simulated.baseUrl).port), observer);
  const outcome = await soak(environment, look);
  const rows = await rowsByTable(observer);
  sild.signal('SIGTERM');
  report(outcome, rows, await sild.exited, sild.output());
} finally {
  await observer.end();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}
process.exit();

async function environmentOf({ baseUrl, trustAnchors }: Simulated) {
  const trust = join(directory, 'trust');
  await mkdir(trust);
  const anchors = trustAnchors.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
  await Promise.all(anchors.map((anchor, at) => writeFile(join(trust, `${at}.pem`), anchor.toString())));
  const clients = join(directory, 'clients.yaml');
  await writeFile(
    clients,
    `clients:\n  - client_id: ${CLIENT.client_id}\n    client_secret: \${CLIENT_SECRET}\n    redirect_uris: [${CLIENT.redirect_uris.join()}]\n`,
  );
  const { PORT, METRICS_PORT } = await freshEnvironment(directory);
  return {
    ISSUER: `https://localhost:${PORT}`,
    ...{ PORT, METRICS_PORT, HOST: 'localhost', LOG_LEVEL: 'warn' },
    ...(await tlsFiles()),
    ...{
      DATABASE_URL: postgres.url,
      SECRET_KEY: BENCH_SECRET_KEY,
      CLIENTS_FILE: clients,
      CLIENT_SECRET: CLIENT.client_secret,
    },
    SMARTID_ENVIRONMENT: 'demo',
    SMARTID_BASE_URL: baseUrl,
    REVOCATION: 'required',
    TRUST_DIR: trust,
    TRUST_EXTRA_SHA256: anchors.map(({ fingerprint256 }) => fingerprint256).join(','),
    // All come from one address. With a limit that is never reached, its counters are written as in operation.
    RATE_ADDRESS: '1000000/1m',
    RATE_CLIENT: '1000000/1m',
    RATE_PERSON: '1000000/1m',
    RATE_PUSH: 'off',
    RATE_REQUESTS: 'off',
  };
}

/** Smart-ID leads back to https only. From now on this process trusts the certificate. */
async function tlsFiles() {
  const { cert, key } = selfSigned('localhost');
  const files = { TLS_CERT_FILE: join(directory, 'cert.pem'), TLS_KEY_FILE: join(directory, 'key.pem') };
  await writeFile(files.TLS_CERT_FILE, cert);
  await writeFile(files.TLS_KEY_FILE, key);
  setGlobalDispatcher(new Agent({ connect: { ca: cert } }));
  return files;
}

interface Outcome {
  readonly samples: readonly Sample[];
  readonly ended: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

async function soak(
  environment: Readonly<Record<string, string>> & { readonly ISSUER: string },
  look: () => Promise<Sample>,
): Promise<Outcome> {
  const [samples, failures]: [Sample[], string[]] = [[], []];
  const ended = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const begun = performance.now();
  const elapsed = () => performance.now() - begun;
  const chosen = JOURNEYS.flatMap((journey) => Array.from({ length: journey.share }, () => journey));
  let rotated = false;
  let looking: Promise<void> | undefined;
  for (let count = 0; elapsed() < run.ms; count++) {
    await setTimeout(Math.max(0, count * run.everyMs - elapsed()));
    // Each in its turn, a step that is no divisor apart, so that the same ones do not come one after the other.
    const journey = chosen[(count * 7) % chosen.length];
    if (!journey) break;
    start(journey.name, () => journey.run(environment.ISSUER));
    if (!rotated && elapsed() > run.ms / 2) {
      rotated = true;
      start('keys rotated', () => rotateKeys(environment));
    }
    looking ??= elapsed() > (samples.length * run.ms) / SAMPLES ? takeSample() : undefined;
  }
  await Promise.race([Promise.all(running), setTimeout(LAST_MS)]);
  await looking;
  if (running.size > 0) failures.push(`${running.size} journeys have not ended`);
  return { samples, ended, failures };

  async function takeSample(): Promise<void> {
    try {
      samples.push(await look());
    } finally {
      looking = undefined;
    }
  }

  function start(name: string, act: () => Promise<void>): void {
    const one = act()
      .then(
        () => ended.set(name, (ended.get(name) ?? 0) + 1),
        (error: unknown) => failures.push(`${name}: ${String(error)}`),
      )
      .then(() => void running.delete(one));
    running.add(one);
  }
}

async function rotateKeys(environment: Readonly<Record<string, string>>): Promise<void> {
  const { PATH, HOME } = process.env;
  await promisify(execFile)(process.execPath, [join(root, 'src/cli.ts'), 'keys', 'rotate', '--now'], {
    env: { PATH, HOME, ENV_FILE: '', ...environment },
  });
}

function report(
  { samples, ended, failures }: Outcome,
  rows: ReadonlyMap<string, number>,
  exit: number | NodeJS.Signals,
  output: string,
): void {
  const cell = (value: number) => value.toFixed(1).padStart(10);
  console.log(`${'figure'.padEnd(22)}     first      last  greatest      rise     limit`);
  const risen = (Object.keys(TOLERANCES) as Figure[]).filter((figure) => {
    const values = samples.map((each) => each[figure]);
    const { first, last, greatest, rise, limit, isFlat } = flatnessOf(values, TOLERANCES[figure]);
    const line = [first, last, greatest, rise, limit].map(cell).join('');
    console.log(`${figure.padEnd(22)}${line}${isFlat ? '' : '   RISES'}`);
    return !isFlat;
  });
  console.log(`\nrows: ${listed(rows)}`);
  console.log(`journeys: ${listed(ended)}`);
  for (const failure of failures.slice(0, 20)) console.log(`FAILED ${failure}`);
  if (exit !== 0) console.log(`Sild ended with ${exit}:\n${output.slice(-2_000)}`);
  if (values.json !== undefined)
    void writeFile(values.json, `${JSON.stringify({ samples, rows: Object.fromEntries(rows) }, null, 2)}\n`);
  if (risen.length > 0 || failures.length > 0 || exit !== 0) process.exitCode = 1;
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
