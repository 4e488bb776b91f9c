/**
 * Measures the cost and the reaction time of a waiting QR page on a running Sild:
 *
 *   cost      CPU time of the process while pages listen, minus that of the idle process, per page and second
 *   reaction  time from the press of Confirm on the phone to the event on the page
 *
 * The measured process also runs the simulator and the embedded database, so both figures are upper bounds. After that, what many
 * who wait cost an instance with PostgreSQL (waiting/many.ts). Linux only: figures are read from /proc. Exits with 1 when a limit is exceeded.
 *
 *   npm run bench:waiting -- --json FILE     also writes the figures
 *   npm run bench:waiting -- --waiting 2000  fewer people, for a slow machine: all must come within 90 seconds
 *   npm run bench:waiting -- --smoke         a short run with higher limits, for machines under other load
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { authorizationRequest, browserOf, discover } from '../e2e/support/http/client.ts';
import { type EventStream, listenTo } from '../e2e/support/http/event-stream.ts';
import { openDeviceLink } from '../e2e/support/http/http-phone.ts';
import { type Stack, startStack } from '../e2e/support/stack.ts';
import { measureCrowd } from './waiting/many.ts';

/** Limit of CPU time per page and second, in milliseconds. */
const COST_LIMIT_MS = 2;
const REACTION_LIMIT_MS = 300;

/** Goals with many people. */
const CROWD_LIMITS = { waiting_kb: 40, connections_per_100: 1, event_p95_ms: 250 } as const;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    waiting: { type: 'string', default: '5000' },
  },
});
/** Two full long polls, so that polling is included; a smoke run has none. */
const run = values.smoke
  ? { pages: 10, seconds: 3, idleSeconds: 1, reactions: 3, lenience: 3 }
  : { pages: 20, seconds: 20, idleSeconds: 10, reactions: 10, lenience: 1 };
/** Few people share the memory of the process itself, and events wait for whatever else runs on the machine. */
const crowd = values.smoke
  ? { waiting: 250, completions: 25, perSecond: 5, lenience: { waiting_kb: 4, event_p95_ms: 20 } }
  : {
      waiting: Number(values.waiting),
      completions: Math.min(1_000, Number(values.waiting)),
      perSecond: 50,
      lenience: { waiting_kb: 1, event_p95_ms: 1 },
    };

let client: ReturnType<typeof discover> | undefined;
const clockTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const pages = await measurePages();
const many = await measureCrowd(crowd);
const rows = [
  row('CPU a second, idle, ms', pages.idle_ms),
  row(`CPU a second for a page of ${run.pages}, ms`, pages.cost_ms, COST_LIMIT_MS * run.lenience),
  row(`reaction, median of ${run.reactions}, ms`, pages.reaction_ms),
  row('reaction, longest, ms', pages.longest_reaction_ms, REACTION_LIMIT_MS * run.lenience),
  row(
    `waiting_kb (${many.waiting} wait)`,
    many.waiting_kb,
    CROWD_LIMITS.waiting_kb * crowd.lenience.waiting_kb,
  ),
  row('connections_per_100', many.connections_per_100, CROWD_LIMITS.connections_per_100),
  row('waiting_cpu_percent', many.waiting_cpu_percent),
  row(`event_cpu_percent (${crowd.perSecond} a second)`, many.event_cpu_percent),
  row('event_p50_ms', many.event_p50_ms),
  row('event_p95_ms', many.event_p95_ms, CROWD_LIMITS.event_p95_ms * crowd.lenience.event_p95_ms),
];
console.log(`\n${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.version}\n`);
for (const { text } of rows) console.log(text);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ ...pages, ...many }, null, 2)}\n`);
}
process.exit(rows.some(({ missed }) => missed) ? 1 : 0);

async function measurePages() {
  const stack = await startStack();
  console.log(`ready after ${stack.startCpuMs} ms of processor time`);
  try {
    const idle = await cpuPerSecond(stack, run.idleSeconds);
    const cost = await costOfPage(stack, idle);
    const reactions = await reactionsOf(stack);
    return {
      idle_ms: idle,
      cost_ms: cost,
      reaction_ms: median(reactions),
      longest_reaction_ms: Math.max(...reactions),
    };
  } finally {
    // No login is in progress, so there is nothing to drain.
    stack.process.signal('SIGKILL');
    await stack.stop();
  }
}

async function costOfPage(stack: Stack, idle: number): Promise<number> {
  const pages: EventStream[] = [];
  for (let page = 0; page < run.pages; page++) pages.push(await waitingPage(stack));
  // Wait until the work of starting the logins is finished.
  await delay(1_000);
  const before = pages.map(({ events }) => events.length);
  const busy = await cpuPerSecond(stack, run.seconds);
  const shown = pages.map(({ events }, index) => events.length - (before[index] ?? 0));
  for (const page of pages) page.close();
  // Make sure that the pages receive events; otherwise the cost is meaningless.
  if (Math.min(...shown) < run.seconds - 1) throw new Error(`a page got ${Math.min(...shown)} codes only`);
  return (busy - idle) / run.pages;
}

async function reactionsOf(stack: Stack): Promise<number[]> {
  const times: number[] = [];
  for (let login = 0; login < run.reactions; login++) {
    const page = await waitingPage(stack);
    const { link = '' } = await page.until(({ state }) => state === 'waiting');
    const request = await openDeviceLink(link);
    // Confirm at a random moment between two codes.
    await delay((1_000 * login) / run.reactions);
    const told = page.until(({ state }) => state === 'authenticated').then(() => performance.now());
    const pressed = performance.now();
    await request.confirm();
    times.push((await told) - pressed);
    await page.ended;
  }
  return times;
}

/** Starts a login and waits for its first QR code. */
async function waitingPage(stack: Stack): Promise<EventStream> {
  const configuration = await (client ??= discover(stack));
  const browser = browserOf(stack);
  const { url } = await authorizationRequest(configuration, stack);
  const methodsPage = await browser.get(url);
  const path = methodsPage.url.href;
  await browser.post(`${path}/device-link`, { show: 'qr' });
  const page = await listenTo(browser, new URL(`${path}/events?show=qr`));
  await page.until(({ link }) => link !== undefined);
  return page;
}

/** CPU time of the process during an interval, in milliseconds per second. */
async function cpuPerSecond({ process: { pid } }: Stack, seconds: number): Promise<number> {
  const begun = { cpu: cpuOf(pid), at: performance.now() };
  await delay(seconds * 1_000);
  return (1_000 * (cpuOf(pid) - begun.cpu)) / (performance.now() - begun.at);
}

/** User and system time of all threads, in milliseconds (proc(5), /proc/pid/stat, fields 14 and 15). */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program name, in parentheses, may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (1_000 * (Number(fields[11]) + Number(fields[12]))) / clockTicks;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function row(name: string, value: number, limit?: number): { text: string; missed: boolean } {
  // NaN also fails: it is not below any limit.
  const missed = limit !== undefined && !(value <= limit);
  const verdict = limit === undefined ? '' : `   limit ${limit}${missed ? '   MISSED' : ''}`;
  return { text: `${name.padEnd(36)}${value.toFixed(2).padStart(9)}${verdict}`, missed };
}
