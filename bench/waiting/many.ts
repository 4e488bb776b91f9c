/**
 * What many waiting people cost one instance with PostgreSQL, simulator and load in processes of their own:
 *
 *   waiting_kb               resident memory for each browser with an event stream, beside that before they came
 *   connections_per_100      connections to Smart-ID for each hundred who wait
 *   event_p95_ms             from the press of Confirm to the event in the browser, while others confirm and all others wait
 */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../test/support/servers/free-ports.ts';
import { startTestPostgres } from '../../test/support/servers/postgres.ts';
import { type BenchProcess, startProcess } from '../login/processes.ts';
import { startFlags } from '../login/start-flags.ts';
import { confirmEvenly, type Person, personalCodes, waitInBrowser } from './people.ts';

export interface Crowd {
  readonly waiting: number;
  /** Of those who wait, who came last. They have logged in before, so that what only first logins cost is not counted. */
  readonly completions: number;
  readonly perSecond: number;
}

export interface CrowdFigures {
  readonly waiting: number;
  readonly waiting_kb: number;
  readonly connections_per_100: number;
  /** Of one core, while all wait, and while some confirm. */
  readonly waiting_cpu_percent: number;
  readonly event_cpu_percent: number;
  readonly event_p50_ms: number;
  readonly event_p95_ms: number;
}

const AT_ONCE = 24;
/** After it, garbage of the beginnings is collected, and each has polled Smart-ID again. */
const SETTLE_MS = 12_000;

export async function measureCrowd(crowd: Crowd): Promise<CrowdFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'sild-bench-'));
  const postgres = await startTestPostgres({ durable: true });
  const certificate = join(directory, 'ca.pem');
  const simulator = await startProcess('../waiting/simulator.ts', { TLS_CA_FILE: certificate });
  const simulated = simulator.message as { readonly baseUrl: string; readonly phoneUrl: string };
  const port = await freePort();
  const product = await startProcess(
    'product.ts',
    {
      DATABASE_URL: postgres.url,
      DATA_DIR: directory,
      PORT: String(port),
      SIMULATED: JSON.stringify(simulated),
      NODE_EXTRA_CA_CERTS: certificate,
      WAITING_LIMIT: String(crowd.waiting + crowd.completions),
    },
    startFlags(),
  );
  const codes = personalCodes(crowd.waiting);
  const issuer = `http://localhost:${port}`;
  const confirm = (some: readonly Person[]) => confirmEvenly(simulated.phoneUrl, some, crowd.perSecond);
  let people: readonly Person[] = [];
  try {
    await confirm(await arrivals(issuer, codes.slice(-crowd.completions)));
    await delay(SETTLE_MS);
    const before = product.residentMb();
    people = await arrivals(issuer, codes);
    await delay(SETTLE_MS);
    const waitingCpu = await cpuPercent(product, () => delay(5_000));
    const resident = product.residentMb() - before;
    const connections = connectionsOf(product.pid, Number(new URL(simulated.baseUrl).port));
    if (people.some(({ hasLeft }) => hasLeft()))
      throw new Error('the first logins have expired: this machine is too slow for so many, try --waiting');
    let times: readonly number[] = [];
    const eventCpu = await cpuPercent(product, async () => {
      times = await confirm(people.slice(-crowd.completions));
    });
    const sorted = times.toSorted((one, other) => one - other);
    return {
      waiting: crowd.waiting,
      waiting_kb: (resident * 1024) / crowd.waiting,
      connections_per_100: connections / (crowd.waiting / 100),
      waiting_cpu_percent: waitingCpu,
      event_cpu_percent: eventCpu,
      event_p50_ms: sorted[Math.floor(sorted.length / 2)] ?? NaN,
      event_p95_ms: sorted[Math.floor(sorted.length * 0.95)] ?? NaN,
    };
  } finally {
    for (const { leave } of people) leave();
    product.stop();
    simulator.stop();
    await postgres.stop();
    rmSync(directory, { recursive: true });
  }
}

/** In the order of the codes, more or less. */
async function arrivals(issuer: string, codes: readonly string[]): Promise<readonly Person[]> {
  const people: Person[] = [];
  const left = codes.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const code of left) people.push(await waitInBrowser(issuer, code));
    }),
  );
  return people;
}

async function cpuPercent(product: BenchProcess, during: () => Promise<unknown>): Promise<number> {
  const begun = { cpu: product.cpuMs(), at: performance.now() };
  await during();
  return (100 * (product.cpuMs() - begun.cpu)) / (performance.now() - begun.at);
}

/** The open connections of a process to a port, by /proc. */
function connectionsOf(pid: number, port: number): number {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined;
      }
    }),
  );
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote = '', state, , , , , , inode]) => {
      return remote.endsWith(`:${hex}`) && state === '01' && inodes.has(inode);
    }).length;
}
