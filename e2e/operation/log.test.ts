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
import { findSecrets, type LogLine, type Secret, readLog } from '../support/log-search.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Not the example person of the start message. */
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

describe('the log of successful, failed and tampered logins', () => {
  let stack: Stack;
  let configuration: openid.Configuration;
  let output = '';
  let lines: readonly LogLine[] = [];
  let audited: readonly AuditedEvent[] = [];
  let dataDirectory: string;
  const secrets: Secret[] = [];
  const addSecrets = (what: string, ...values: (string | undefined)[]) => {
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
      addSecrets('personal code', code, code.replace('-', ''));
    addSecrets('name', 'TESTNUMBER', 'QUALIFIED OK1', 'JÕEORG', 'JAAK-KRISTJAN');
    addSecrets('client secret', 'sample-app-secret', 'a-guessed-secret');
    assert.equal(await stack.stop(), 0);
    output = stack.process.output();
    ({ lines } = readLog(output));
    // The process has exited, so it has already written all events.
    audited = (await sild(stack, 'audit', 'export')).output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditedEvent);
  });
  after(async () => {
    stack.process.signal('SIGKILL');
    await rm(dataDirectory, { recursive: true });
  });

  it('contains no personal code, name, token, authorization code, secret, cookie, session ID or verification code', () => {
    const kinds = new Set(secrets.map(({ what }) => what));
    for (const kind of KINDS) assert.ok(kinds.has(kind), `the run has created a ${kind}`);
    assert.deepEqual(findSecrets([...lines, ...readLog(output).rest], secrets), []);
    assert.deepEqual(findSecrets(audited, secrets), [], 'the audit contains no secret');
  });

  it('is searched by a function that finds each of them', () => {
    for (const { what, value } of secrets) {
      const planted = { level: 'info', event: 'planted', deep: { detail: `before ${value} after` } };
      assert.notDeepEqual(findSecrets([...lines, planted], [{ what, value }]), [], what);
    }
    assert.notDeepEqual(findSecrets([{ attempt: PERSON.personal_code }], secrets), []);
  });

  it('contains the events of each login', () => {
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

  it('has the same events as the audit, where all events of a login have the ID of its attempt', () => {
    const attempts = Map.groupBy(audited, ({ data }) => data.attempt);
    attempts.delete(undefined);
    const sequences = [...attempts.values()].map((events) =>
      events.map(({ event, data }) => [event, data.code].filter(Boolean).join(' ')).join(', '),
    );
    const successful =
      'login_begun, login_waiting, login_authenticated, login_finished, code_issued, tokens_issued';
    const expected = [
      ...[successful, successful, successful, successful],
      'login_begun, login_waiting, login_cancelled',
      'login_begun, login_waiting, login_failed timeout',
      'login_begun, login_waiting, login_failed user_refused',
      'login_begun, login_waiting, login_failed wrong_verification_code',
      ...['account_not_suitable', 'account_not_found', 'relying_party_not_allowed', 'service_failed'].map(
        (code) => `login_begun, login_failed ${code}`,
      ),
    ];
    assert.deepEqual(sequences.sort(), expected.sort());
    const auditedEvents = (list: readonly { readonly event?: unknown }[]) =>
      list.map(({ event }) => event).filter((event) => AUDITED.test(String(event)));
    assert.deepEqual(
      auditedEvents(audited).sort(),
      auditedEvents(lines).sort(),
      'log and audit have the same events',
    );
  });

  it('belongs to an audit that is complete from start to stop', async () => {
    const events = audited.map(({ event }) => event);
    // The first start creates the signing keys, two for each algorithm, before the instance serves requests.
    const [keys, ends] = [events.slice(0, 4), events.slice(4)];
    assert.deepEqual([...new Set(keys)], ['signing_key_changed']);
    assert.deepEqual([ends[0], ends.at(-1)], ['instance_started', 'instance_stopped']);
    const { status, output: report } = await sild(stack, 'audit', 'verify');
    assert.equal(status, 0, report);
    const head = /"head":"([^"]+)"/.exec(output)?.[1] ?? '';
    assert.equal(
      (await sild(stack, 'audit', 'verify', '--since', head)).status,
      0,
      'the head in the log is in the audit',
    );
  });

  it('has one pseudonym per person', () => {
    const pseudonyms = lines
      .filter(({ event }) => event === 'login_begun')
      .map(({ person }) => String(person));
    const times = Object.values(Object.groupBy(pseudonyms, (person) => person)).map((same) => same?.length);
    for (const person of pseudonyms) assert.match(person, /^[0-9a-f]{16}$/);
    // One person logged in three times, the others once.
    assert.deepEqual(times.sort(), [...times.slice(1).map(() => 1), 3]);
  });

  it('is JSON with one line per event, after the start message', () => {
    for (const line of lines) for (const name of ['level', 'time', 'msg']) assert.ok(name in line, name);
    assert.doesNotMatch(readLog(output).rest.join('\n'), /Error|\n\s+at /);
  });

  async function logInAs(fields: typeof PERSON): Promise<HttpPage> {
    const { url, checks } = await authorizationRequest(configuration, stack);
    addSecrets('state, nonce or verifier', ...Object.values(checks));
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
    addSecrets('authorization code', callback.searchParams.get('code') ?? '');
    const tokens = await openid.authorizationCodeGrant(configuration, callback, checks);
    addSecrets('token', tokens.access_token, tokens.id_token, tokens.id_token?.split('.')[1]);
    await openid.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '');
    // A second redemption is refused, and logged without the code.
    await assert.rejects(openid.authorizationCodeGrant(configuration, callback, checks));
  }

  /** Confirms on the phone, whose page contains values that the waiting page and the log must not contain. */
  async function answerOnPhone(): Promise<void> {
    const { url, checks } = await authorizationRequest(configuration, stack);
    const browser = browserOf(stack);
    const methodsPage = await browser.get(url);
    const waiting = await browser.post(codeForm(methodsPage), ON_PHONE);
    keepCode(waiting);
    keepCookies(browser);
    const phone = createHttpBrowser();
    const { text } = await phone.get(stack.phoneUrl);
    const action = /action="(\/requests\/([^"]+))"/.exec(text);
    assert.ok(action?.[1]);
    addSecrets('Smart-ID session', action[2]);
    // From an unknown browser, so the phone first requires the choice of the code.
    await phone.post(new URL(action[1], stack.phoneUrl), { code: codeOf(waiting) ?? '' });
    await phone.post(new URL(action[1], stack.phoneUrl), { pin: '97531', action: 'confirm' });
    addSecrets('PIN', '97531');
    await redeem((await untilSettled(browser, waiting)).url, checks);
  }

  async function cancel(): Promise<void> {
    const { url } = await authorizationRequest(configuration, stack);
    const browser = browserOf(stack);
    const methodsPage = await browser.get(url);
    keepCode(await browser.post(codeForm(methodsPage), { ...ON_PHONE, personal_code: '47101010033' }));
    await browser.post(`${methodsPage.url.href}/cancel`, {});
    keepCookies(browser);
  }

  async function throughSampleApp(): Promise<void> {
    const browser = createHttpBrowser();
    const methodsPage = await browser.get(`${stack.sampleAppUrl}login`);
    const end = await untilSettled(browser, await browser.post(codeForm(methodsPage), PERSON));
    assert.match(end.text, /Hello, /);
    await browser.post(`${stack.sampleAppUrl}logout`, {});
    keepCookies(browser);
  }

  /** Sends secrets in wrong places: URLs, headers, refused forms. */
  async function tamper(): Promise<void> {
    const code = PERSON.personal_code;
    const at = (path: string) => `${stack.issuer}${path}`;
    const { url } = await authorizationRequest(configuration, stack, { login_hint: `PNOEE-${code}` });
    const form = new URL(codeForm(await browserOf(stack).get(url)));
    const basic = `Basic ${Buffer.from('sample-app:a-guessed-secret').toString('base64')}`;
    const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
    const sameOriginHeaders = { ...formHeaders, origin: stack.issuer };
    const requests: [string, RequestInit?][] = [
      [at(`/login/PNOEE-${code}`)],
      [at(`/login/${code}/wait?personal_code=${code}`)],
      [at(`/nothing/${code}?name=JÕEORG`)],
      [at(`/%E0%A4%A/${code}`)],
      [at(`/authorize?client_id=${code}&redirect_uri=https://${code}.example/`)],
      [at(`/authorize?client_id=sample-app&response_type=${code}&redirect_uri=${code}&scope=${code}`)],
      [at('/userinfo'), { headers: { authorization: `Bearer ${code}` } }],
      [
        at('/token'),
        { method: 'POST', headers: { ...formHeaders, authorization: basic }, body: `code=${code}` },
      ],
      [
        at('/token'),
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"x":"${code}` },
      ],
      [at('/logout'), { method: 'POST', headers: formHeaders, body: `id_token_hint=${code}` }],
      [at('/logout?post_logout_redirect_uri=https://x.example/&id_token_hint=aaa.bbb.ccc')],
      [form.href, { method: 'POST', headers: sameOriginHeaders, body: `personal_code=${code}&country=EE` }],
      [
        form.href,
        { method: 'POST', headers: sameOriginHeaders, body: `personal_code=${code}${'0'.repeat(500_000)}` },
      ],
      [
        form.href,
        { method: 'POST', headers: { ...sameOriginHeaders, 'content-type': 'text/plain' }, body: code },
      ],
      [
        form.href,
        { method: 'POST', headers: { ...formHeaders, origin: `https://${code}.example` }, body: 'a=b' },
      ],
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
    addSecrets('verification code', codeOf(page));
  }

  function keepCookies(browser: HttpBrowser): void {
    for (const { name, value } of browser.cookiesEver()) if (!isPlain(name)) addSecrets('cookie', value);
  }

  /** The secret key and other small files of the embedded mode. */
  async function keepFilesOfDataDirectory(): Promise<void> {
    const directory = stack.environment.DATA_DIR ?? '';
    for (const name of await readdir(directory)) {
      if (/secret/i.test(name))
        addSecrets('secret key', (await readFile(join(directory, name), 'utf8')).trim());
    }
  }
});

interface AuditedEvent extends LogLine {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events that are also audited. */
const AUDITED =
  /^(login_|code_|tokens_|grant_|logged_|oidc_refused|callback_|push_|cross_site_|instance_|signing_key_)/;

function codeOf({ text }: HttpPage): string | undefined {
  return /Verification code: (\d) (\d) (\d) (\d)/.exec(text)?.slice(1).join('');
}

/** Whether the value of a cookie is not secret: a preference, or the start time of a login. */
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
