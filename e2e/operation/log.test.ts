import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import {
  createHttpBrowser,
  type HttpBrowser,
  type HttpPage,
} from '../../test/support/servers/http-browser.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { codeForm, logInOverHttp, untilSettled } from '../support/http/http-login.ts';
import { sild } from '../support/sild-command.ts';
import { findSecrets, type LogLine, type Planted, readLog } from '../support/log-search.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Not the one that the greeting on the terminal names as an example. */
const PERSON = { country: 'EE', personal_code: '39901012239' };
const ON_PHONE = { country: 'EE', personal_code: '38001085718' };
const ENDINGS = {
  user_refused: { country: 'LT', personal_code: '30403039917' },
  wrong_verification_code: { country: 'LV', personal_code: '030403-10075' },
  timeout: { country: 'BE', personal_code: '00010220335' },
  account_not_suitable: { country: 'LT', personal_code: '49912318881' },
  account_not_found: { country: 'EE', personal_code: '39909094045' },
  relying_party_not_allowed: { country: 'EE', personal_code: '39909094012' },
  service_failed: { country: 'EE', personal_code: '39909095009' },
};

describe('the log of logins that succeed, fail and are tampered with', () => {
  let stack: Stack;
  let configuration: openid.Configuration;
  let output = '';
  let lines: readonly LogLine[] = [];
  let audited: readonly AuditedEvent[] = [];
  let dataDirectory: string;
  const secrets: Planted[] = [];
  const keep = (what: string, ...values: (string | undefined)[]) => {
    for (const value of values) if (value) secrets.push({ what, value });
  };

  before(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'sild-log-'));
    stack = await startStack({ LOG_LEVEL: 'debug', SIMULATOR_DELAY_MS: '50', DATA_DIR: dataDirectory });
    configuration = await discover(stack);
    await succeed();
    await succeed();
    await answerOnPhone();
    for (const fields of Object.values(ENDINGS)) await logInAs(fields);
    await cancel();
    await throughSampleApp();
    await tamper();
    await keepFilesOfDataDirectory();
    for (const { personal_code: code } of [PERSON, ON_PHONE, ...Object.values(ENDINGS)])
      keep('personal code', code, code.replace('-', ''));
    keep('name', 'TESTNUMBER', 'QUALIFIED OK1', 'JÕEORG', 'JAAK-KRISTJAN');
    keep('client secret', 'sample-app-secret', 'a-guessed-secret');
    assert.equal(await stack.stop(), 0);
    output = stack.process.output();
    ({ lines } = readLog(output));
    // Nobody drains the events of a process that has ended: whatever is there now was written before.
    audited = (await sild(stack, 'audit', 'export')).output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditedEvent);
  });
  after(async () => {
    stack.process.signal('SIGKILL');
    await rm(dataDirectory, { recursive: true });
  });

  it('carries no personal code, name, token, code, secret, cookie, session or verification code', () => {
    const kinds = new Set(secrets.map(({ what }) => what));
    for (const kind of KINDS) assert.ok(kinds.has(kind), `the run has made a ${kind}`);
    assert.deepEqual(findSecrets([...lines, ...readLog(output).rest], secrets), []);
    assert.deepEqual(findSecrets(audited, secrets), [], 'nor does the audit');
  });

  it('is searched by a search that finds each of them', () => {
    for (const { what, value } of secrets) {
      const planted = { level: 'info', event: 'planted', deep: { detail: `before ${value} after` } };
      assert.notDeepEqual(findSecrets([...lines, planted], [{ what, value }]), [], what);
    }
    assert.notDeepEqual(findSecrets([{ attempt: PERSON.personal_code }], secrets), []);
  });

  it('tells how each login went', () => {
    const events = lines.map(({ event }) => event);
    for (const event of [
      'started',
      'request',
      'login_begun',
      'login_waiting',
      'login_authenticated',
      'login_finished',
      'login_failed',
      'login_cancelled',
      'oidc_refused',
      'sample_app_login',
      'draining',
      'stopped',
    ])
      assert.ok(events.includes(event), event);
    const failures = lines.filter(({ event }) => event === 'login_failed').map(({ code }) => code);
    assert.deepEqual(failures.sort(), Object.keys(ENDINGS).sort());
  });

  it('tells the auditor the same, each event of a login under the one number of its attempt', () => {
    const attempts = Map.groupBy(audited, ({ data }) => data.attempt);
    attempts.delete(undefined);
    const ways = [...attempts.values()].map((events) =>
      events.map(({ event, data }) => [event, data.code].filter(Boolean).join(' ')).join(', '),
    );
    const gone =
      'login_begun, login_waiting, login_authenticated, login_finished, code_issued, tokens_issued';
    const expected = [
      ...[gone, gone, gone, gone],
      'login_begun, login_waiting, login_cancelled',
      'login_begun, login_waiting, login_failed timeout',
      'login_begun, login_waiting, login_failed user_refused',
      'login_begun, login_waiting, login_failed wrong_verification_code',
      ...['account_not_suitable', 'account_not_found', 'relying_party_not_allowed', 'service_failed'].map(
        (code) => `login_begun, login_failed ${code}`,
      ),
    ];
    assert.deepEqual(ways.sort(), expected.sort());
    const told = (list: readonly { readonly event?: unknown }[]) =>
      list.map(({ event }) => event).filter((event) => AUDITED.test(String(event)));
    assert.deepEqual(told(audited).sort(), told(lines).sort(), 'whatever the log has, the audit has');
  });

  it('leaves an audit that is whole, from the start to the stop', async () => {
    const events = audited.map(({ event }) => event);
    // The first start makes the keys that sign, two of each algorithm, before the instance serves anybody.
    const [keys, ends] = [events.slice(0, 4), events.slice(4)];
    assert.deepEqual([...new Set(keys)], ['signing_key_changed']);
    assert.deepEqual([ends[0], ends.at(-1)], ['instance_started', 'instance_stopped']);
    const { status, output: said } = await sild(stack, 'audit', 'verify');
    assert.equal(status, 0, said);
    const head = /"head":"([^"]+)"/.exec(output)?.[1] ?? '';
    assert.equal(
      (await sild(stack, 'audit', 'verify', '--since', head)).status,
      0,
      'the head that the log told',
    );
  });

  it('joins the lines of one person by a pseudonym, and tells persons apart', () => {
    const begun = lines.filter(({ event }) => event === 'login_begun').map(({ person }) => String(person));
    const times = Object.values(Object.groupBy(begun, (person) => person)).map((same) => same?.length);
    for (const person of begun) assert.match(person, /^[0-9a-f]{16}$/);
    // One person three times, all others once.
    assert.deepEqual(times.sort(), [...times.slice(1).map(() => 1), 3]);
  });

  it('is JSON, a line an event, with nothing else after the greeting', () => {
    for (const line of lines) for (const name of ['level', 'time', 'msg']) assert.ok(name in line, name);
    assert.doesNotMatch(readLog(output).rest.join('\n'), /Error|\n\s+at /);
  });

  async function logInAs(fields: typeof PERSON): Promise<HttpPage> {
    const { url, checks } = await authorizationRequest(configuration, stack);
    keep('state, nonce or verifier', ...Object.values(checks));
    const browser = browserOf(stack);
    const page = await logInOverHttp(browser, url, fields);
    keepCookies(browser);
    if (page.url.pathname === '/callback') await redeem(page.url, checks);
    return page;
  }

  async function succeed(): Promise<void> {
    const page = await logInAs(PERSON);
    assert.equal(page.url.pathname, '/callback');
  }

  async function redeem(callback: URL, checks: openid.AuthorizationCodeGrantChecks): Promise<void> {
    keep('authorization code', callback.searchParams.get('code') ?? '');
    const tokens = await openid.authorizationCodeGrant(configuration, callback, checks);
    keep('token', tokens.access_token, tokens.id_token, tokens.id_token?.split('.')[1]);
    await openid.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '');
    // Redeemed again: refused, and the log must say so without saying which.
    await assert.rejects(openid.authorizationCodeGrant(configuration, callback, checks));
  }

  /** Leaves the request to the phone, which tells what the waiting page and the log must not. */
  async function answerOnPhone(): Promise<void> {
    const { url, checks } = await authorizationRequest(configuration, stack);
    const browser = browserOf(stack);
    const ways = await browser.get(url);
    const waiting = await browser.post(codeForm(ways), ON_PHONE);
    keepCode(waiting);
    keepCookies(browser);
    const phone = createHttpBrowser();
    const { text } = await phone.get(stack.phoneUrl);
    const action = /action="(\/requests\/([^"]+))"/.exec(text);
    assert.ok(action?.[1]);
    keep('Smart-ID session', action[2]);
    // It comes from an unknown browser, so that the phone asks for the code first.
    await phone.post(new URL(action[1], stack.phoneUrl), { code: codeOf(waiting) ?? '' });
    await phone.post(new URL(action[1], stack.phoneUrl), { pin: '97531', action: 'confirm' });
    keep('PIN', '97531');
    await redeem((await untilSettled(browser, waiting)).url, checks);
  }

  async function cancel(): Promise<void> {
    const { url } = await authorizationRequest(configuration, stack);
    const browser = browserOf(stack);
    const ways = await browser.get(url);
    keepCode(await browser.post(codeForm(ways), { ...ON_PHONE, personal_code: '47101010033' }));
    await browser.post(`${ways.url.href}/cancel`, {});
    keepCookies(browser);
  }

  async function throughSampleApp(): Promise<void> {
    const browser = createHttpBrowser();
    const ways = await browser.get(`${stack.sampleAppUrl}login`);
    const end = await untilSettled(browser, await browser.post(codeForm(ways), PERSON));
    assert.match(end.text, /Hello, /);
    await browser.post(`${stack.sampleAppUrl}logout`, {});
    keepCookies(browser);
  }

  /** Puts what is secret where it does not belong: addresses, headers, forms that are refused. */
  async function tamper(): Promise<void> {
    const code = PERSON.personal_code;
    const at = (path: string) => `${stack.issuer}${path}`;
    const { url } = await authorizationRequest(configuration, stack, { login_hint: `PNOEE-${code}` });
    const form = new URL(codeForm(await browserOf(stack).get(url)));
    const basic = `Basic ${Buffer.from('sample-app:a-guessed-secret').toString('base64')}`;
    const form_ = { 'content-type': 'application/x-www-form-urlencoded' };
    const ours = { ...form_, origin: stack.issuer };
    const requests: [string, RequestInit?][] = [
      [at(`/login/PNOEE-${code}`)],
      [at(`/login/${code}/wait?personal_code=${code}`)],
      [at(`/nothing/${code}?name=JÕEORG`)],
      [at(`/%E0%A4%A/${code}`)],
      [at(`/authorize?client_id=${code}&redirect_uri=https://${code}.example/`)],
      [at(`/authorize?client_id=sample-app&response_type=${code}&redirect_uri=${code}&scope=${code}`)],
      [at('/userinfo'), { headers: { authorization: `Bearer ${code}` } }],
      [at('/token'), { method: 'POST', headers: { ...form_, authorization: basic }, body: `code=${code}` }],
      [
        at('/token'),
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"x":"${code}` },
      ],
      [at('/logout'), { method: 'POST', headers: form_, body: `id_token_hint=${code}` }],
      [at('/logout?post_logout_redirect_uri=https://x.example/&id_token_hint=aaa.bbb.ccc')],
      [form.href, { method: 'POST', headers: ours, body: `personal_code=${code}&country=EE` }],
      [form.href, { method: 'POST', headers: ours, body: `personal_code=${code}${'0'.repeat(500_000)}` }],
      [form.href, { method: 'POST', headers: { ...ours, 'content-type': 'text/plain' }, body: code }],
      [form.href, { method: 'POST', headers: { ...form_, origin: `https://${code}.example` }, body: 'a=b' }],
      [form.href, { headers: { cookie: `_interaction=${code}; sild_country=${code}` } }],
      [`${stack.sampleAppUrl}callback?code=${code}&state=${code}`],
      [`${stack.sampleAppUrl}${code}`],
    ];
    for (const [address, init] of requests) {
      const response = await fetch(address, { redirect: 'manual', ...init });
      assert.ok(response.status < 500, `${new URL(address).pathname} answers ${response.status}`);
      await response.arrayBuffer();
    }
  }

  function keepCode(page: HttpPage): void {
    keep('verification code', codeOf(page));
  }

  function keepCookies(browser: HttpBrowser): void {
    for (const { name, value } of browser.cookiesEver()) if (!isPlain(name)) keep('cookie', value);
  }

  /** The secret key and whatever else the embedded mode keeps in small files. */
  async function keepFilesOfDataDirectory(): Promise<void> {
    const directory = stack.environment.DATA_DIR ?? '';
    for (const name of await readdir(directory)) {
      if (/secret/i.test(name)) keep('secret key', (await readFile(join(directory, name), 'utf8')).trim());
    }
  }
});

interface AuditedEvent extends LogLine {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What of the log is for auditors too. */
const AUDITED =
  /^(login_|code_|tokens_|grant_|logged_|oidc_refused|callback_|push_|cross_site_|instance_|signing_key_)/;

function codeOf({ text }: HttpPage): string | undefined {
  return /Verification code: (\d) (\d) (\d) (\d)/.exec(text)?.slice(1).join('');
}

/** Whether what a cookie says is for anybody to know: what the person prefers, or when a login began. */
function isPlain(cookie: string): boolean {
  return PREFERENCES.has(cookie) || cookie.startsWith('sild_begun_');
}

const PREFERENCES = new Set(['sild_country', 'sild_way', 'sild_language', 'sild_login_language']);

const KINDS = [
  'personal code',
  'name',
  'client secret',
  'secret key',
  'token',
  'authorization code',
  'state, nonce or verifier',
  'cookie',
  'verification code',
  'Smart-ID session',
  'PIN',
];
