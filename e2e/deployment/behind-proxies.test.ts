/** Two instances behind each proxy with its configuration of deploy/, which sends each request to the other one. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as openid from 'openid-client';
import { createHttpBrowser, type HttpBrowser } from '../../test/support/servers/http-browser.ts';
import { startTestPostgres, type TestPostgres } from '../../test/support/servers/postgres.ts';
import { removableFront, type RemovableServer } from '../../test/support/servers/postgres-front.ts';
import { freshEnvironment } from '../support/environment.ts';
import { listenTo } from '../support/http/event-stream.ts';
import { authorizationRequest } from '../support/http/client.ts';
import { codeForm, logInOverHttp, untilSettled } from '../support/http/http-login.ts';
import { openDeviceLink } from '../support/http/http-phone.ts';
import { type ReverseProxy, reverseProxies } from '../support/proxies.ts';
import { root } from '../support/project.ts';
import { type Stack, startStack, untilReady } from '../support/stack.ts';

const run = promisify(execFile);
const SECRET_KEY = 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs';
const REDIRECT_URI = 'http://localhost/callback';
/** Longer than two checks of a proxy, and than it takes one to ask again an instance that has failed. */
const OUTAGE_MS = 7_000;
const AUTOMATED = { country: 'EE', personal_code: '40504040001' };

for (const reverseProxy of reverseProxies) {
  describe(`two instances behind ${reverseProxy.name}`, { skip: reverseProxy.skip }, () => {
    twoInstancesBehind(reverseProxy);
  });
}

function twoInstancesBehind(reverseProxy: ReverseProxy): void {
  let directory: string;
  let database: TestPostgres;
  let front: RemovableServer;
  const closing: (() => void)[] = [];
  let proxy: ChildProcess;
  let stacks: readonly Stack[] = [];
  let client: openid.Configuration;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), `sild-${reverseProxy.name}-`));
    database = await startTestPostgres();
    front = await removableFront(
      {
        after(close) {
          closing.push(close);
        },
      },
      database.url,
    );
    const [outside, ...instances] = await Promise.all(
      ['front', 'one', 'two'].map((name) => freshEnvironment(join(directory, name))),
    );
    const [one, two] = instances;
    assert.ok(outside && one && two);
    proxy = await reverseProxy.start(directory, outside.PORT, [one.PORT, two.PORT]);
    const shared = {
      ISSUER: outside.ISSUER,
      TRUST_PROXY: 'true',
      DATABASE_URL: front.url,
      SECRET_KEY,
      SIMULATOR_DELAY_MS: '300',
      // Both have the CA of the simulator that answers.
      DATA_DIR: join(directory, 'data'),
    };
    const first = await startStack({ ...one, ...shared });
    const smartId = `http://localhost:${one.SIMULATOR_PORT}/smart-id-rp/v3/`;
    const second = await startStack({ ...two, ...shared, SMARTID_BASE_URL: smartId });
    stacks = [first, second];
    await untilReady(two.ISSUER, second.process);
    // It has found instances missing that were not ready.
    proxy.kill('SIGKILL');
    await once(proxy, 'exit');
    proxy = await reverseProxy.start(directory, outside.PORT, [one.PORT, two.PORT]);
    await untilReady(outside.ISSUER, first.process);
    const cli = join(root, 'src', 'cli.ts');
    const { stdout } = await run(
      process.execPath,
      [cli, 'client', 'add', 'shop', '--redirect-uri', REDIRECT_URI, '--json'],
      { env: { PATH: process.env.PATH, ENV_FILE: '', DATABASE_URL: database.url, SECRET_KEY } },
    );
    const { client_secret: secret } = JSON.parse(stdout) as { readonly client_secret: string };
    client = await openid.discovery(
      new URL(outside.ISSUER),
      'shop',
      undefined,
      openid.ClientSecretBasic(secret),
      {
        execute: [openid.allowInsecureRequests],
      },
    );
  });

  after(async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    proxy.kill('SIGKILL');
    for (const close of closing) close();
    await database.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const request = () => authorizationRequest(client, { redirectUri: REDIRECT_URI });
  const browser = () => createHttpBrowser({ stopAt: (url) => url.href.startsWith(REDIRECT_URI) });
  const subjectOf = async (callback: URL, checks: Awaited<ReturnType<typeof request>>['checks']) =>
    (await openid.authorizationCodeGrant(client, callback, checks)).claims()?.sub;

  it('log people in by a personal code, and both take part', async () => {
    for (let login = 0; login < 4; login++) {
      const { url, checks } = await request();
      const callback = await logInOverHttp(browser(), url, AUTOMATED);
      assert.equal(await subjectOf(callback.url, checks), 'PNOEE-40504040001');
    }
    for (const { process } of stacks) {
      assert.match(process.output(), /"event":"(?:login_begun|login_finished|tokens_issued)"/);
      // The address of the browser, not that of the proxy.
      assert.doesNotMatch(process.output(), /proxy_not_trusted/);
    }
  });

  it('pass the events of a QR code through as they come', async () => {
    const { url, checks } = await request();
    const person = browser();
    const page = await openQr(person, url);
    const stream = await listenTo(person, new URL('events', page));
    const { link = '' } = await stream.until(({ state }) => state === 'waiting');
    const phone = await openDeviceLink(link);
    await phone.confirm();
    await stream.until(({ state }) => state === 'authenticated');
    stream.close();
    const callback = await person.get(new URL('wait', page));
    assert.equal(await subjectOf(callback.url, checks), 'PNOEE-38001085718');
  });

  it('show their own page while the database is away, and go on when it is back', async () => {
    const [person, { url, checks }] = [browser(), await request()];
    const methods = await person.get(url);
    front.takeAway();
    const end = performance.now() + OUTAGE_MS;
    while (performance.now() < end) {
      await delay(200);
      const page = await person.get(methods.url);
      assert.equal(page.status, 503);
      // It reloads itself.
      assert.match(page.text, /<meta http-equiv="refresh"/);
    }
    await front.bringBack();
    const patience = AbortSignal.timeout(30_000);
    while ((await person.get(methods.url)).status === 503) patience.throwIfAborted();
    const callback = await untilSettled(person, await person.post(codeForm(methods), AUTOMATED));
    assert.equal(await subjectOf(callback.url, checks), 'PNOEE-40504040001', callback.text);
  });

  it('go on with every login when one of them is killed', async () => {
    const logins = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const [person, { url, checks }] = [browser(), await request()];
        const methods = await person.get(url);
        return { person, checks, waiting: await person.post(codeForm(methods), AUTOMATED) };
      }),
    );
    stacks[1]?.process.signal('SIGKILL');
    for (const { person, checks, waiting } of logins) {
      const callback = await untilSettled(person, waiting);
      assert.equal(await subjectOf(callback.url, checks), 'PNOEE-40504040001', callback.text);
    }
  });

  /** The waiting page of a QR code. */
  async function openQr(person: HttpBrowser, url: URL): Promise<URL> {
    const methods = await person.get(url);
    return (await person.post(`${methods.url.href}/device-link`, { flow: 'qr' })).url;
  }
}
