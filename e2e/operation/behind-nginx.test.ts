/** Two instances behind nginx with the configuration of deploy/, which sends each request to the other one. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import * as openid from 'openid-client';
import { installedProgram } from '../../test/support/installed-program.ts';
import { createHttpBrowser, type HttpBrowser } from '../../test/support/servers/http-browser.ts';
import { startTestPostgres, type TestPostgres } from '../../test/support/servers/postgres.ts';
import { freshEnvironment } from '../support/environment.ts';
import { listenTo } from '../support/http/event-stream.ts';
import { authorizationRequest } from '../support/http/client.ts';
import { codeForm, logInOverHttp, untilSettled } from '../support/http/http-login.ts';
import { openDeviceLink } from '../support/http/http-phone.ts';
import { root } from '../support/project.ts';
import { type Stack, startStack, untilReady } from '../support/stack.ts';

const run = promisify(execFile);
const NGINX = installedProgram('nginx');
const SECRET_KEY = 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs';
const REDIRECT_URI = 'http://localhost/callback';
const AUTOMATED = { country: 'EE', personal_code: '40504040001' };
const skip = NGINX === undefined ? 'nginx is not installed: apt-get install nginx-light' : false;

describe('two instances behind nginx', { skip }, () => {
  let directory: string;
  let database: TestPostgres;
  let nginx: ChildProcess;
  let stacks: readonly Stack[] = [];
  let client: openid.Configuration;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-nginx-'));
    database = await startTestPostgres();
    const [front, ...instances] = await Promise.all(
      ['front', 'one', 'two'].map((name) => freshEnvironment(join(directory, name))),
    );
    const [one, two] = instances;
    assert.ok(front && one && two);
    nginx = await startNginx(front.PORT, [one.PORT, two.PORT]);
    const shared = {
      ISSUER: front.ISSUER,
      TRUST_PROXY: 'true',
      DATABASE_URL: database.url,
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
    nginx.kill('SIGKILL');
    await once(nginx, 'exit');
    nginx = await startNginx(front.PORT, [one.PORT, two.PORT]);
    await untilReady(front.ISSUER, first.process);
    const cli = join(root, 'src', 'cli.ts');
    const { stdout } = await run(
      process.execPath,
      [cli, 'client', 'add', 'shop', '--redirect-uri', REDIRECT_URI, '--json'],
      { env: { PATH: process.env.PATH, ENV_FILE: '', DATABASE_URL: database.url, SECRET_KEY } },
    );
    const { client_secret: secret } = JSON.parse(stdout) as { readonly client_secret: string };
    client = await openid.discovery(
      new URL(front.ISSUER),
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
    nginx.kill('SIGKILL');
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
      // The address of the browser, not that of nginx.
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

  /** With the configuration of deploy/, but for its ports, its certificate and its directories. */
  async function startNginx(port: string, instances: readonly string[]): Promise<ChildProcess> {
    let site = await readFile(join(root, 'deploy', 'nginx.conf'), 'utf8');
    site = site
      .replace('listen 443 ssl;', `listen ${port};`)
      .replace('server_name login.example.ee;', 'server_name localhost;')
      .replaceAll(/^\s*ssl_certificate.*\n/gm, '')
      .replace('127.0.0.1:3000', `localhost:${instances[0]}`)
      .replace('127.0.0.1:3010', `localhost:${instances[1]}`);
    await mkdir(join(directory, 'nginx'), { recursive: true });
    const path = join(directory, 'nginx', 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(directory, 'nginx', name)};`)
      .join('\n');
    await writeFile(
      path,
      `daemon off; master_process off; pid ${join(directory, 'nginx', 'pid')}; error_log stderr;
       events { }
       http { access_log off; ${temporary}
       ${site} }`,
    );
    return spawn(NGINX ?? 'nginx', ['-c', path, '-e', 'stderr'], { stdio: 'ignore' });
  }
});
