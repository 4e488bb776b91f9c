/** One instance of two processes, with PostgreSQL. Each request is a connection of its own, so that both serve every login. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as openid from 'openid-client';
import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { createLogger } from '../../src/log/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { freePort } from '../../test/support/servers/free-ports.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../test/support/servers/postgres.ts';
import { freshEnvironment } from '../support/environment.ts';
import { authorizationRequest, browserOf } from '../support/http/client.ts';
import { untilSettled } from '../support/http/http-login.ts';
import { runSild, type SildProcess } from '../support/sild-process.ts';
import { untilReady } from '../support/stack.ts';

const REDIRECT_URI = 'http://localhost/callback';
const CLIENT = { redirectUri: REDIRECT_URI };
const OPS_TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';
const PERSON = { country: 'EE', personal_code: '40504040001' };

interface Line {
  readonly event?: string;
  readonly worker?: number;
}

describe('an instance of two workers', () => {
  let directory: string;
  let database: TestPostgres;
  let simulator: Simulator;
  let environment: Record<string, string>;
  let sild: SildProcess;
  let client: openid.Configuration;
  /** Of the other tests in this process. */
  let dispatcher: Dispatcher;

  before(async () => {
    dispatcher = getGlobalDispatcher();
    // Without pipelining, a connection is closed after its first answer.
    setGlobalDispatcher(new Agent({ pipelining: 0 }));
    directory = await mkdtemp(join(tmpdir(), 'sild-workers-'));
    database = await startTestPostgres();
    simulator = await startSimulator({
      port: 0,
      dataDir: undefined,
      answerDelayMs: 1_500,
      log: createLogger({ level: 'silent' }),
    });
    const trust = join(directory, 'trust');
    await mkdir(trust);
    const anchors = simulator.trustAnchors.map((der) => new X509Certificate(der));
    await Promise.all(
      anchors.map((anchor, index) => writeFile(join(trust, `${index}.pem`), anchor.toString())),
    );
    const ports = await freshEnvironment(join(directory, 'data'));
    environment = {
      ISSUER: ports.ISSUER,
      PORT: ports.PORT,
      METRICS_PORT: ports.METRICS_PORT,
      OPS_PORT: String(await freePort()),
      OPS_TOKEN,
      HOST: 'localhost',
      WORKERS: '2',
      DATABASE_URL: database.url,
      SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs',
      CLIENTS_FILE: join(directory, 'clients.yaml'),
      SHOP_SECRET: 'b9Xq2LmV7sKt4RzP0wHd8NcY6gJf1TuE',
      SMARTID_ENVIRONMENT: 'demo',
      SMARTID_BASE_URL: simulator.baseUrl,
      SMARTID_FLOWS: 'notification',
      TRUST_DIR: trust,
      TRUST_EXTRA_SHA256: anchors.map(({ fingerprint256 }) => fingerprint256).join(','),
      ...Object.fromEntries(
        ['PERSON', 'ADDRESS', 'CLIENT', 'PUSH', 'REQUESTS'].map((of) => [`RATE_${of}`, 'off']),
      ),
    };
    await describeClients('Shop');
    // It drains as in operation: a waiting login makes several requests, with pauses between them.
    sild = runSild({ environment });
    await untilReady(ports.ISSUER, sild);
    await logged('workers_started');
    client = await openid.discovery(
      new URL(ports.ISSUER),
      'shop',
      undefined,
      openid.ClientSecretBasic(environment.SHOP_SECRET ?? ''),
      { execute: [openid.allowInsecureRequests] },
    );
  });
  after(async () => {
    setGlobalDispatcher(dispatcher);
    sild.signal('SIGTERM');
    await sild.exited;
    await simulator.close();
    await database.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('serves one login with both, and names the worker in each line', async () => {
    // The system chooses the worker that accepts a connection.
    for (let logins = 0; logins < 10; logins += 1) {
      const from = lines().length;
      await logIn();
      const requests = lines()
        .slice(from)
        .filter(({ event }) => event === 'request');
      assert.ok(requests.length > 0 && requests.every(({ worker }) => worker === 1 || worker === 2));
      if (new Set(requests.map(({ worker }) => worker)).size === 2) return;
    }
    assert.fail('one worker has served ten logins alone');
  });

  it('has one operator’s page, which names both', async () => {
    const page = `http://localhost:${environment.OPS_PORT}/`;
    const headers = { authorization: `Bearer ${OPS_TOKEN}` };
    for (let times = 0; times < 6; times += 1) {
      const answer = await fetch(page, { headers });
      assert.equal(answer.status, 200);
      const running = (await answer.text()).match(/>running, well</g) ?? [];
      assert.equal(running.length, 2);
    }
    assert.equal((await fetch(page)).status, 401);
  });

  it('adds the metrics of both up', async () => {
    const earlier = await finished();
    assert.ok(earlier > 0);
    await Promise.all([logIn(), logIn(), logIn()]);
    assert.equal(await finished(), earlier + 3);
    const text = await metrics();
    assert.match(text, /^sild_smart_id_circuit\{state="closed"\} 1$/m);
    assert.equal(text.match(/^# TYPE sild_logins_total /gm)?.length, 1);
  });

  it('loses no waiting login when a worker is killed, starts another one, and counts on', async () => {
    const earlier = await finished();
    const waiting = await Promise.all(Array.from({ length: 6 }, begin));
    process.kill(await workerPid(), 'SIGKILL');
    await Promise.all(waiting.map(end));
    await logged('worker_died');
    await logged('worker_started');
    assert.ok((await finished()) >= earlier, 'what was counted before stays');
  });

  it('replaces both at SIGHUP under load without a failed login, and reads the file of clients again', async () => {
    await describeClients('Other name');
    const from = lines().length;
    let replaced = false;
    const load = Array.from({ length: 3 }, async () => {
      let logins = 0;
      do {
        await logIn();
        logins += 1;
      } while (!replaced);
      return logins;
    });
    sild.signal('SIGHUP');
    const watch = logged('workers_replaced', from).finally(() => {
      replaced = true;
    });
    await Promise.all([...load, watch]);
    const { url } = await authorizationRequest(client, CLIENT, { scope: 'openid' });
    assert.match((await browserOf(CLIENT).get(url)).text, /Other name/);
  });

  it('keeps its workers at SIGHUP if a new one cannot start', async () => {
    await writeFile(environment.CLIENTS_FILE ?? '', 'clients: 7');
    const from = lines().length;
    sild.signal('SIGHUP');
    await logged('workers_not_replaced', from);
    await logIn();
  });

  it('replaces both after a SIGHUP while the database takes no connections, when it takes them again', async (t) => {
    await describeClients('Shop');
    const accept = (is: boolean) =>
      execute(
        database.urlWith({ database: 'postgres' }),
        `alter database ${new URL(database.url).pathname.slice(1)} with allow_connections ${is}`,
      );
    const from = lines().length;
    await accept(false);
    t.after(() => accept(true));
    sild.signal('SIGHUP');
    await logged('worker_not_started', from);
    await accept(true);
    await logged('workers_replaced', from);
    await logIn();
    assert.ok(
      !lines()
        .slice(from)
        .some(({ event }) => event === 'workers_not_replaced'),
    );
  });

  it('lets a waiting login end at SIGTERM in all workers, and exits with 0', async () => {
    const waiting = await begin();
    sild.signal('SIGTERM');
    await end(waiting);
    assert.equal(await sild.exited, 0, sild.output());
    assert.ok(lines().filter(({ event }) => event === 'draining').length >= 2);
  });

  it('replaces its workers after a SIGHUP that comes while it starts', async () => {
    await describeClients('Shop');
    sild = runSild({ environment, isShortLived: true });
    await logged('clients_applied');
    assert.ok(!lines().some(({ event }) => event === 'workers_started'));
    sild.signal('SIGHUP');
    await logged('workers_replaced');
    sild.signal('SIGTERM');
    assert.equal(await sild.exited, 0, sild.output());
  });

  it('cannot start, with one sentence, if a worker cannot', async (t) => {
    const blocker = createServer().listen(Number(environment.PORT), 'localhost');
    await once(blocker, 'listening');
    t.after(() => blocker.close());
    const failing = runSild({ environment });
    assert.equal(await failing.exited, 1);
    assert.equal(
      failing.output().match(/^Sild cannot start\. Port \d+ is in use: .*PORT/gm)?.length,
      1,
      failing.output(),
    );
  });

  function describeClients(name: string): Promise<void> {
    return writeFile(
      join(directory, 'clients.yaml'),
      `clients:\n  - client_id: shop\n    client_name: ${name}\n    client_secret: \${SHOP_SECRET}\n    redirect_uris: [${REDIRECT_URI}]\n`,
    );
  }

  async function begin() {
    const { url, checks } = await authorizationRequest(client, CLIENT, { scope: 'openid' });
    const browser = browserOf(CLIENT);
    // With one way to log in, its form is the first page.
    const { url: form } = await browser.get(url);
    const waiting = await browser.post(form.href, PERSON);
    assert.match(waiting.text, /data-wait=/);
    return { browser, waiting, checks };
  }

  async function end({ browser, waiting, checks }: Awaited<ReturnType<typeof begin>>): Promise<void> {
    // Whoever waits at a worker that is killed loads the page again.
    let settled;
    try {
      settled = await untilSettled(browser, waiting);
    } catch {
      settled = await untilSettled(browser, await browser.get(new URL('?poll', waiting.url)));
    }
    const tokens = await openid.authorizationCodeGrant(client, settled.url, checks);
    assert.equal(tokens.claims()?.sub, 'PNOEE-40504040001');
  }

  async function logIn(): Promise<void> {
    await end(await begin());
  }

  function lines(): Line[] {
    return sild
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  }

  async function logged(event: string, from = 0): Promise<void> {
    const limit = performance.now() + 30_000;
    while (
      !lines()
        .slice(from)
        .some((line) => line.event === event)
    ) {
      assert.ok(!sild.hasExited() && performance.now() < limit, sild.output());
      await delay(50);
    }
  }

  async function metrics(): Promise<string> {
    return (await fetch(`http://localhost:${environment.METRICS_PORT}/metrics`)).text();
  }

  async function finished(): Promise<number> {
    return Number(/^sild_logins_total\{.*outcome="finished"\} (\d+)$/m.exec(await metrics())?.[1]);
  }

  /** A child of the first process. */
  async function workerPid(): Promise<number> {
    const children = await readFile(`/proc/${sild.pid}/task/${sild.pid}/children`, 'utf8');
    return Number(children.split(' ')[0]);
  }
});
